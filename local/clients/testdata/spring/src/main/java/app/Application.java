package app;

import java.util.Map;
import java.util.TreeMap;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows who is signed in. Everything else, from the redirect to the check of nonce and signature, is Spring's own. */
@SpringBootApplication
@RestController
public class Application {
  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }

  @GetMapping("/")
  Map<String, Object> who(@AuthenticationPrincipal OidcUser user,
      @RegisteredOAuth2AuthorizedClient("cognito") OAuth2AuthorizedClient client) {
    Map<String, Object> shown = new TreeMap<>();
    shown.put("subject", user.getSubject());
    shown.put("email", user.getIdToken().getEmail());
    shown.put("emailOfUserInfo", user.getUserInfo().getEmail());
    shown.put("nonce", user.getNonce() != null);
    shown.put("refreshToken", client.getRefreshToken() != null);
    return shown;
  }
}
