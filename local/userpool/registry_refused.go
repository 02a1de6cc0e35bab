package userpool

import "cognito-triggers/local/userpool/internal/wire"

// refusedOperations lists the operations that the local pool does not implement, grouped by reason.
func refusedOperations() []Operation {
	var list []Operation
	for _, group := range []struct {
		note  string
		names []string
	}{
		{"the local pool has no threat protection", []string{
			"AdminListUserAuthEvents", "AdminUpdateAuthEventFeedback", "DescribeRiskConfiguration", "SetRiskConfiguration",
			"UpdateAuthEventFeedback",
		}},
		{"the local pool registers no clients by itself", []string{
			"CreateCIMDPolicy", "DeleteCIMDPolicy", "DescribeCIMDPolicy", "ListCIMDPolicies", "UpdateCIMDPolicy",
			"ListClientMetadataURLs", "UpdateClientMetadataURLState",
		}},
		{"the local pool does not import users", []string{
			"CreateUserImportJob", "DescribeUserImportJob", "GetCSVHeader", "ListUserImportJobs", "StartUserImportJob",
			"StopUserImportJob",
		}},
		{"the local pool does not export logs", []string{"GetLogDeliveryConfiguration", "SetLogDeliveryConfiguration"}},
		{"the local pool has no replicas", []string{
			"CreateUserPoolReplica", "DeleteUserPoolReplica", "ListUserPoolReplicas", "UpdateUserPoolReplica",
		}},
		{"the local pool has no provisioned limits", []string{"GetProvisionedLimit", "UpdateProvisionedLimit"}},
		{"the local pool keeps no earlier states of its users", []string{
			"CancelPointInTimeRecovery", "DescribePointInTimeRecovery", "InitiatePointInTimeRecovery",
			"ListPointInTimeRecoveries", "StartPointInTimeRecovery",
		}},
		{"superseded on AWS: use SetUserMFAPreference or AdminSetUserMFAPreference", []string{
			"AdminSetUserSettings", "SetUserSettings",
		}},
	} {
		for _, name := range group.names {
			list = append(list, wire.Refuse(name, group.note))
		}
	}
	return list
}
