package cognito

// TokenVersion is the version of a pre token generation event.
type TokenVersion int

// The versions; V3 is V2 that machine clients fire too.
const (
	V1 TokenVersion = 1
	V2 TokenVersion = 2
	V3 TokenVersion = 3
)

// ParseTokenVersion reads the version of an event ("2") or of LambdaConfig ("V2_0"); false for any other text.
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
