# Terraform destroys what depends on others before these others. This depends on everything that the caller protects, so its
# refusal comes before anything is lost. Cognito's and DynamoDB's own protection comes last, when the app clients, the groups,
# the functions and their permissions are gone.
resource "terraform_data" "this" {
  input            = { protected = var.protected }
  triggers_replace = var.identity

  provisioner "local-exec" {
    when = destroy
    command = (
      self.output.protected
      ? "echo deletion_protection is on, so nothing is destroyed. Set it to false, apply, then destroy. && exit 1"
      : "exit 0"
    )
  }
}
