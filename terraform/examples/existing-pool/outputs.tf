output "functions" {
  description = "By trigger: names, alias and version of its function."
  value       = module.triggers.functions
}
