# What docs/recipes/load-balancer.md takes from elsewhere.
variable "vpc_id" {
  description = "VPC of load balancer and targets."
  type        = string
}

variable "public_subnet_ids" {
  description = "Subnets of the load balancer, in two zones or more."
  type        = list(string)
}

variable "certificate_arn" {
  description = "Certificate of the application's name."
  type        = string
}

variable "user_pool_arn" {
  description = "Output user_pool_arn of the root module."
  type        = string
}

variable "user_pool_domain" {
  description = "Output domain of the root module."
  type        = string
}

variable "client_id" {
  description = "Output client_ids of the root module, for the app client alb."
  type        = string
}
