package cognito

// TokenVersion is the version of a pre token generation event.
type TokenVersion int

// The versions of pre token generation events. V3 is V2, sent for machine clients as well.
const (
	V1 TokenVersion = 1
	V2 TokenVersion = 2
	V3 TokenVersion = 3
)

// ParseTokenVersion parses a version as spelled in events ("2") or in LambdaConfig ("V2_0"), and reports whether it is
// one.
func ParseTokenVersion(version string) (TokenVersion, bool) {
	switch Number(version) {
	case "1":
		return V1, true
	case "2":
		return V2, true
	case "3":
		return V3, true
	}
	return 0, false
}
