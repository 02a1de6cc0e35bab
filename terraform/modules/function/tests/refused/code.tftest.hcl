# Places of the code that are refused at plan, and the message of each.
mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name_prefix = "test"
  name        = "welcome"
  manifest    = "./tests/fixtures/trigger.json"
}

run "no_code" {
  # message: welcome has no code: code has no entry for it, and no folder of zips is set. Set zips_path to the output of
  #   `make build`, or code to what `poolctl build --upload` writes for all functions.
  command = plan
}

run "two_codes" {
  # message: welcome has two codes, a zip and an object in S3: leave one out.
  command = plan
  variables {
    zip = "./tests/fixtures/function.zip"
    s3  = { bucket = "zips", key = "welcome.zip", object_version = "v1" }
  }
}

run "object_that_changes_unseen" {
  # message: s3 of welcome has neither object_version nor sha256: new code under the same key would never be deployed.
  #   Set one of them; `poolctl build --upload` writes both.
  command = plan
  variables { s3 = { bucket = "zips", key = "welcome.zip" } }
}

run "checksum_in_hex" {
  # message: s3.sha256 of welcome is "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855": write the checksum in base64
  command = plan
  variables { s3 = { bucket = "zips", key = "welcome.zip", sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" } }
}

run "bucket_as_an_address" {
  # message: s3 of welcome: write the bucket's name alone, without s3://, and a key without a slash at the beginning:
  #   bucket "s3://zips", key "/welcome.zip".
  command = plan
  variables { s3 = { bucket = "s3://zips", key = "/welcome.zip", object_version = "v1" } }
}
