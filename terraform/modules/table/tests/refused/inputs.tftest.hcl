# Inputs of the module that are refused at plan, and the message of each. What depends on a refused variable is not checked
# for any case of a run, so there are several runs.
mock_provider "aws" {
  source = "../../tests/mocks"
}

run "inputs" {
  command = plan

  module {
    source = "./tests/fixtures/cases"
  }

  variables {
    cases = {
      # message: name is "our/posts": use 3 to 255 letters, digits, _, - and .
      name = { name = "our/posts" }

      # message: hash_key.type is "S": set string, number or binary.
      hash_key = { hash_key = { name = "pk", type = "S" } }

      # message: hash_key.name is "": use 1 to 255 characters.
      no_name = { hash_key = { name = "" } }

      # message: ttl_attribute is "
      ttl_attribute = { ttl_attribute = "" }

      # message: stream is "ALL": set KEYS_ONLY, NEW_IMAGE, OLD_IMAGE or NEW_AND_OLD_IMAGES.
      stream = { stream = "ALL" }

      # message: kms_key_arn "alias/ours" is not the ARN of a key
      kms_key = { kms_key_arn = "alias/ours" }

      # message: recovery_days is 36: set 1 to 35, in whole days.
      recovery = { recovery_days = 36 }

      # message: tags: AWS takes 50 tags
      tags = { tags = { "aws:team" = "identity" } }
    }
  }
}

run "indexes" {
  command = plan

  module {
    source = "./tests/fixtures/cases"
  }

  variables {
    cases = {
      # message: indexes: the types of keys are string, number and binary.
      type = { indexes = [{ name = "by-email", hash_key = { name = "email", type = "S" } }] }

      # message: indexes: a table has at most 20, with names of 3 to 255 letters, digits, _, - and .; there are 1: id.
      name_of_an_index = { indexes = [{ name = "id", hash_key = { name = "id" } }] }

      # message: indexes: by-id, by-id: each needs a name of its own.
      twice = { indexes = [{ name = "by-id", hash_key = { name = "id" } }, { name = "by-id", hash_key = { name = "at" } }] }

      # message: indexes: an attribute has one type in the table and all its indexes
      two_types = {
        indexes = [
          { name = "by-id", hash_key = { name = "id" } },
          { name = "by-id-at", hash_key = { name = "at" }, range_key = { name = "id", type = "number" } },
        ]
      }
    }
  }
}

run "range_key" {
  command = plan

  module {
    source = "./tests/fixtures/cases"
  }

  variables {
    cases = {
      # message: range_key.type is "S": set string, number or binary.
      range_key = { range_key = { name = "sk", type = "S" } }

      # message: range_key.name is "pk": use 1 to 255 characters, and another attribute than hash_key.
      same = { range_key = { name = "pk" } }
    }
  }
}
