package login

import "strings"

// languages of the pages; the first is the default.
var languages = []string{"en", "ko"}

// text returns a text of the pages in a language.
func text(language, english string) string {
	if language == "ko" {
		if translated, known := korean[english]; known {
			return translated
		}
	}
	return english
}

// korean holds the texts of the pages in Korean, by the English one.
var korean = map[string]string{
	"Sign in":                         "로그인",
	"Sign up":                         "회원 가입",
	"Confirm your account":            "계정 확인",
	"Forgot your password?":           "비밀번호를 잊으셨나요?",
	"Reset your password":             "비밀번호 재설정",
	"Choose a new password":           "새 비밀번호 설정",
	"Enter your code":                 "코드 입력",
	"Set up an authenticator app":     "인증 앱 설정",
	"Choose how to confirm it is you": "본인 확인 방법 선택",
	"Something went wrong":            "문제가 발생했습니다",
	"Username":                        "사용자 이름",
	"E-mail address":                  "이메일 주소",
	"Phone number":                    "전화번호",
	"Password":                        "비밀번호",
	"New password":                    "새 비밀번호",
	"Code":                            "코드",
	"Continue":                        "계속",
	"Confirm":                         "확인",
	"Send a new code":                 "새 코드 보내기",
	"Send a code":                     "코드 보내기",
	"Need an account?":                "계정이 없으신가요?",
	"Have an account already?":        "이미 계정이 있으신가요?",
	"Back to sign-in":                 "로그인으로 돌아가기",
	"A new code is on its way.":       "새 코드를 보냈습니다.",
	"We have sent a code to":          "다음 주소로 코드를 보냈습니다:",
	"Scan the code with your authenticator app, or enter the key there. " +
		"Then type the six digits that the app shows.": "인증 앱으로 QR 코드를 스캔하거나 키를 입력한 다음, " +
		"앱에 표시되는 여섯 자리 숫자를 입력하세요.",
	"Type the six digits that your authenticator app shows.": "인증 앱에 표시되는 여섯 자리 숫자를 입력하세요.",
	"Authenticator app": "인증 앱",
	"Text message":      "문자 메시지",
	"E-mail":            "이메일",
	unknownProvider:     "이 로그인 방법은 사용할 수 없습니다. 다른 방법을 시도해 주세요.",
	"The form has expired. Please try again.": "양식이 만료되었습니다. 다시 시도해 주세요.",
}

// languageOf returns the language of a page: the request's lang, or else the first of Accept-Language that there is.
func languageOf(lang, accept string) string {
	for _, wanted := range append([]string{lang}, strings.Split(accept, ",")...) {
		wanted, _, _ = strings.Cut(strings.TrimSpace(wanted), ";")
		wanted, _, _ = strings.Cut(wanted, "-")
		if contains(languages, strings.ToLower(wanted)) {
			return strings.ToLower(wanted)
		}
	}
	return languages[0]
}
