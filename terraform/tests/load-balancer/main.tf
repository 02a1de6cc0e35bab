resource "aws_lb" "shop" {
  name                       = "shop"
  subnets                    = var.public_subnet_ids
  security_groups            = [aws_security_group.load_balancer.id]
  drop_invalid_header_fields = true
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 443
  protocol          = "HTTPS" # the only one that signs users in
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    order = 1
    type  = "authenticate-cognito"

    authenticate_cognito {
      user_pool_arn              = var.user_pool_arn
      user_pool_client_id        = var.client_id
      user_pool_domain           = var.user_pool_domain
      scope                      = "openid email"
      session_timeout            = 3600 # seconds, until the user's token is refreshed or the sign-in begins anew
      on_unauthenticated_request = "authenticate"
    }
  }

  default_action {
    order            = 2
    type             = "forward"
    target_group_arn = aws_lb_target_group.shop.arn
  }
}

resource "aws_lb_target_group" "shop" {
  name        = "shop"
  vpc_id      = var.vpc_id
  target_type = "ip"
  port        = 8443
  protocol    = "HTTPS" # the claims are signed, not encrypted

  health_check {
    path     = "/healthz"
    protocol = "HTTPS"
  }
}

resource "aws_security_group" "load_balancer" {
  name        = "shop-load-balancer"
  description = "HTTPS from everywhere, and to Cognito and the targets"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "users" {
  security_group_id = aws_security_group.load_balancer.id
  description       = "Users"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# The load balancer itself exchanges the code for tokens at the pool's domain.
resource "aws_vpc_security_group_egress_rule" "cognito" {
  security_group_id = aws_security_group.load_balancer.id
  description       = "The user pool's domain"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "targets" {
  security_group_id            = aws_security_group.load_balancer.id
  description                  = "The targets"
  referenced_security_group_id = aws_security_group.targets.id
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
}

# Nobody else reaches the targets, and so nobody else can send them the header.
resource "aws_security_group" "targets" {
  name        = "shop-targets"
  description = "HTTPS from the load balancer"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "targets" {
  security_group_id            = aws_security_group.targets.id
  description                  = "The load balancer"
  referenced_security_group_id = aws_security_group.load_balancer.id
  ip_protocol                  = "tcp"
  from_port                    = 8443
  to_port                      = 8443
}
