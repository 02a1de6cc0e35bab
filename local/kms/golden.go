package kms

// Golden is the key of the codes in golden events. A case names its ARN in the setting SENDER_KEY_ARN.
func Golden() Key { return FixedKey("eu-west-1", "golden events") }
