package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"cognito-triggers/local/stack"
)

// emulatorAt says where the emulator is, if there is one.
func emulatorAt(s *stack.Stack) string {
	if s.Emulator == nil {
		return "; no function needs the AWS emulator"
	}
	return ", the AWS emulator at " + s.Emulator.Endpoint
}

// dynamoHint shows how to read a table: the profiles', or else the first of the functions' own.
func dynamoHint(a addresses) string {
	own := append(slices.Sorted(maps.Values(a.Tables)), "")
	table := cmp.Or(a.ProfileTable, own[0])
	if table == "" {
		return ""
	}
	return fmt.Sprintf("  DynamoDB   aws dynamodb scan --table-name %s --region %s --endpoint-url %s --no-sign-request\n",
		table, a.Region, a.AWSEndpoint)
}

// secretHint explains the emulator's URL, if there is one.
func secretHint(a addresses) string {
	if a.AWSEndpoint == "" {
		return ""
	}
	return "The emulator's URL has a secret that keeps web pages out and is new at each start: use the whole URL.\n"
}
