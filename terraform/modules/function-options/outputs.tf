output "of" {
  description = "By function: every member, null where neither it nor `*` has one."
  value       = { for name in var.names : name => merge(local.for_all, try(var.options[name], {})) }
}

output "for_all" {
  description = "The members of `*`, for what belongs to no function, such as an access log."
  value       = local.for_all
}
