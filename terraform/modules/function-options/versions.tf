terraform {
  # 1.9: validations that use more than one variable.
  required_version = ">= 1.9"
}
