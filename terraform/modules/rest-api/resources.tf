# A REST API is a tree of resources, one for each segment of a path. A resource cannot refer to others of its own block, so
# each level of the tree is a block of its own.
locals {
  paths = distinct(flatten([for route in values(local.routes) : [
    for depth in range(1, length(route.segments) + 1) : join("/", slice(route.segments, 0, depth))
  ]]))
  levels = { for path in local.paths : length(split("/", path)) => path... }

  # By path, "" for the root.
  resources = merge(
    { "" = aws_api_gateway_rest_api.this.root_resource_id },
    { for path, resource in aws_api_gateway_resource.level_1 : path => resource.id },
    { for path, resource in aws_api_gateway_resource.level_2 : path => resource.id },
    { for path, resource in aws_api_gateway_resource.level_3 : path => resource.id },
    { for path, resource in aws_api_gateway_resource.level_4 : path => resource.id },
    { for path, resource in aws_api_gateway_resource.level_5 : path => resource.id },
  )
}

resource "aws_api_gateway_resource" "level_1" {
  for_each = toset(lookup(local.levels, 1, []))

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_rest_api.this.root_resource_id
  path_part   = each.key
}

resource "aws_api_gateway_resource" "level_2" {
  for_each = toset(lookup(local.levels, 2, []))

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_1[dirname(each.key)].id
  path_part   = basename(each.key)
}

resource "aws_api_gateway_resource" "level_3" {
  for_each = toset(lookup(local.levels, 3, []))

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_2[dirname(each.key)].id
  path_part   = basename(each.key)
}

resource "aws_api_gateway_resource" "level_4" {
  for_each = toset(lookup(local.levels, 4, []))

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_3[dirname(each.key)].id
  path_part   = basename(each.key)
}

resource "aws_api_gateway_resource" "level_5" {
  for_each = toset(lookup(local.levels, 5, []))

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.level_4[dirname(each.key)].id
  path_part   = basename(each.key)
}
