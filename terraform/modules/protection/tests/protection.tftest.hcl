# That the destruction is refused is tested on an applied system, in local/deploy: a test could not clean up after it.
variables {
  protected = true
}

run "protected" {
  assert {
    condition     = terraform_data.this.output == { protected = true }
    error_message = jsonencode(terraform_data.this.output)
  }
}

run "off_without_a_replacement" {
  variables { protected = false }

  assert {
    condition     = terraform_data.this.output == { protected = false } && terraform_data.this.id == run.protected.id
    error_message = "turning the protection off must change the resource in place: a replacement would be refused"
  }
}
