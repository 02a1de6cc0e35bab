output "id" {
  description = "Id of the resource whose destruction is refused."
  value       = terraform_data.this.id
}
