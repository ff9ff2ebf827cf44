"""What Flask-Security is told: which doors exist, what they are called, and that an answer never says who exists."""

from datetime import timedelta
from typing import Any, Final

from hub.web.office.keys import OfficeKeys

FRESH: Final = timedelta(minutes=30)
PASSWORD_LENGTH: Final = 12

_PATHS: Final = {
    "LOGIN_URL": "/connexion",
    "LOGOUT_URL": "/sortie",
    "VERIFY_URL": "/mot-de-passe/confirmer",
    "CHANGE_URL": "/mot-de-passe",
    "TWO_FACTOR_SETUP_URL": "/second-facteur",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/second-facteur/code",
    "TWO_FACTOR_RESCUE_URL": "/second-facteur/perdu",
    "TWO_FACTOR_SELECT_URL": "/second-facteur/choix",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/codes-de-secours",
    "MULTI_FACTOR_RECOVERY_URL": "/secours",
    "WAN_REGISTER_URL": "/cles",
    "WAN_SIGNIN_URL": "/connexion/cle",
    "WAN_DELETE_URL": "/cles/retirer",
    "WAN_VERIFY_URL": "/cles/confirmer",
}
_TEMPLATES: Final = {
    "LOGIN_USER_TEMPLATE": "office/sign_in.html",
    "LOGOUT_USER_TEMPLATE": "office/sign_out.html",
    "VERIFY_TEMPLATE": "office/verify.html",
    "CHANGE_PASSWORD_TEMPLATE": "office/password.html",
    "TWO_FACTOR_SETUP_TEMPLATE": "office/second_factor.html",
    "TWO_FACTOR_VERIFY_CODE_TEMPLATE": "office/code.html",
    "TWO_FACTOR_SELECT_TEMPLATE": "office/code.html",
    "MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "office/recovery_codes.html",
    "MULTI_FACTOR_RECOVERY_TEMPLATE": "office/recovery.html",
    "WAN_REGISTER_TEMPLATE": "office/passkeys.html",
    "WAN_SIGNIN_TEMPLATE": "office/passkey_sign_in.html",
    "WAN_VERIFY_TEMPLATE": "office/passkey_sign_in.html",
}
_RULES: Final[dict[str, Any]] = {
    "RETURN_GENERIC_RESPONSES": True,
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "DEPRECATED_PASSWORD_SCHEMES": [],
    "PASSWORD_LENGTH_MIN": PASSWORD_LENGTH,
    "PASSWORD_NORMALIZE_FORM": "NFKC",
    "CHANGEABLE": True,
    "SEND_PASSWORD_CHANGE_EMAIL": False,
    "TWO_FACTOR": True,
    "TWO_FACTOR_REQUIRED": True,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
    "TWO_FACTOR_ALWAYS_VALIDATE": True,
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "TWO_FACTOR_POST_SETUP_VIEW": "office.account",
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "WEBAUTHN": True,
    "WAN_ALLOW_AS_FIRST_FACTOR": True,
    "WAN_ALLOW_AS_MULTI_FACTOR": True,
    "WAN_ALLOW_USER_HINTS": False,
    "WAN_ALLOW_AS_VERIFY": ["first"],
    "WAN_POST_REGISTER_VIEW": "office.account",
    "WAN_RP_NAME": "Farandole",
    "API_ENABLED_METHODS": ["session"],
    "FRESHNESS": FRESH,
    "FRESHNESS_GRACE_PERIOD": timedelta(0),
    "POST_LOGIN_VIEW": "office.home",
    "POST_LOGOUT_VIEW": ".login",
    "POST_CHANGE_VIEW": "office.account",
    "POST_VERIFY_VIEW": "office.home",
    "LOGOUT_METHODS": ["POST"],
    "LOGOUT_CSRF": True,
    "CACHE_CONTROL": None,  # every answer of the office says no-store
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
}


def settings(keys: OfficeKeys, *, secure: bool) -> dict[str, Any]:
    """Return the configuration of the office's application."""
    return {
        **{f"SECURITY_{name}": value for name, value in {**_PATHS, **_TEMPLATES, **_RULES}.items()},
        "SECRET_KEY": keys.text("signatures"),
        "SECURITY_PASSWORD_SALT": keys.text("pepper"),
        "SECURITY_TOTP_SECRETS": {"1": keys.text("second factors")},
        "SECURITY_TOTP_ISSUER": "Farandole",
        "SESSION_COOKIE_NAME": "farandole-bureau",
        "SESSION_COOKIE_PATH": "/bureau",
        "SESSION_COOKIE_SECURE": secure,
        "WTF_CSRF_TIME_LIMIT": None,  # a form lives as long as its session
        "WTF_CSRF_SSL_STRICT": False,  # our pages send no referrer; the browser's own marks are checked instead
        "MAX_CONTENT_LENGTH": 1_500_000,
        "BABEL_DEFAULT_LOCALE": "fr",
    }
