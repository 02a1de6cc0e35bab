# Options that would be dropped without a word, and the message of each.
run "misspelled" {
  # message: function_options has permission_boundary; the members are ephemeral_storage_mb, gradual_deployment, layers,
  # message: function_options is for nobody, and there is no such function. There are auth, posts, and "*" for all.
  # message: function_options["*"].stopped would refuse every sign-up and sign-in: set it for a function.
  command = plan
  variables {
    names   = ["auth", "posts"]
    options = { "*" = { permission_boundary = "arn:aws:iam::111122223333:policy/bound", stopped = true }, nobody = {} }
  }
}

run "no_object" {
  # message: function_options: write an object by function, or by "*" for all, each with an object
  command = plan
  variables {
    names   = ["auth"]
    options = { tracing = "Active" }
  }
}
