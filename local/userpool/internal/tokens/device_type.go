package tokens

import "strings"

// unknownDevice is AWS's word for what a User-Agent does not tell.
const unknownDevice = "unknown"

// deviceOf describes a device by its User-Agent: operating system and browser or app, as far as they are known. AWS
// documents that it does so, not in which words.
func deviceOf(agent string) string {
	folded := strings.ToLower(agent)
	system := firstNamed(folded, [][2]string{
		{"iphone", "iOS"}, {"ipad", "iOS"}, {"android", "Android"}, {"windows", "Windows"}, {"mac os", "macOS"},
		{"macintosh", "macOS"}, {"os/macos", "macOS"}, {"linux", "Linux"},
	})
	app := firstNamed(folded, [][2]string{
		{"edg/", "Edge"}, {"opr/", "Opera"}, {"firefox/", "Firefox"}, {"chrome/", "Chrome"}, {"safari/", "Safari"},
		{"boto3/", "Boto3"}, {"aws-cli/", "AWS CLI"}, {"aws-sdk-go", "AWS SDK for Go"},
		{"aws-sdk-js", "AWS SDK for JavaScript"}, {"aws-amplify/", "Amplify"},
	})
	switch {
	case system == "" && app == "":
		return unknownDevice
	case system == "":
		return app
	case app == "":
		return system
	}
	return system + ", " + app
}

// firstNamed returns the name of the first mark that the text has.
func firstNamed(text string, marks [][2]string) string {
	for _, mark := range marks {
		if strings.Contains(text, mark[0]) {
			return mark[1]
		}
	}
	return ""
}
