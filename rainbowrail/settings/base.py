"""Safe for production as it stands. `dev` and `test` loosen it line by line, each with its reason."""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from rainbowrail.settings import env, words
from rainbowrail.settings.env import Process

BASE_DIR = Path(__file__).resolve().parents[2]
PROCESS = env.process()
IS_PUBLIC = PROCESS is Process.PUBLIC
IS_CLOCK = PROCESS is Process.CLOCK  # speaks to the broker only: no apps, no keys, no database

# --- keys: one folder a process, holding only what that process may hold (docs/decisions/0001) ---
KEYS_DIR = Path("/nonexistent") if IS_CLOCK else env.path("RAINBOWRAIL_KEYS")
# The demo lets everybody in. Only settings that opened it before reading this file (`dev`) may be one; any others refuse.
DEMO = env.demo()
SECRET_KEY = (KEYS_DIR / "cookie.key").read_text().strip() if (KEYS_DIR / "cookie.key").exists() else ""
# Public halves of intake pairs beside those in KEYS_DIR: the worker writes here, the public door reads (docs/decisions/0016).
PINS_DIR = env.optional_path("RAINBOWRAIL_PINS")
# An outside key service that closes the store key in its file: "" or "vault" (docs/decisions/0017).
KEY_SERVICE = env.text("RAINBOWRAIL_KEY_SERVICE", "")
VAULT = {
    "address": env.text("RAINBOWRAIL_VAULT_ADDRESS", ""),
    "token_file": env.optional_path("RAINBOWRAIL_VAULT_TOKEN_FILE"),
    "key": env.text("RAINBOWRAIL_VAULT_KEY", "rainbowrail-store"),
    "mount": env.text("RAINBOWRAIL_VAULT_MOUNT", "transit"),
    "namespace": env.text("RAINBOWRAIL_VAULT_NAMESPACE", ""),
    "ca_file": env.optional_path("RAINBOWRAIL_VAULT_CA"),
}
# The list of what was erased, outside the database, so that a restored backup forgets it again (docs/decisions/0019).
ERASED_DIR = env.optional_path("RAINBOWRAIL_ERASED")
DEBUG = False

ALLOWED_HOSTS = env.words("RAINBOWRAIL_HOSTS")
CSRF_TRUSTED_ORIGINS = env.words("RAINBOWRAIL_ORIGINS")
# `http://….onion`, if the public door has one; its host is then let in too, and plain http holds there (docs/decisions/0092).
ONION_LOCATION = env.text("RAINBOWRAIL_ONION", "")
if ONION_LOCATION and IS_PUBLIC:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, urlsplit(ONION_LOCATION).hostname or ""]
# So many requests a minute are a flood: applicants then solve a puzzle or wait before sending (docs/decisions/0093). 0: never.
# Real surges brought two a second.
FLOOD_A_MINUTE = int(env.text("RAINBOWRAIL_FLOOD_A_MINUTE", "240"))
# Zero bits of each of 16 parts: a million tries in all, ten to twenty seconds on an old phone.
PUZZLE_BITS = int(env.text("RAINBOWRAIL_PUZZLE_BITS", "16"))
# Nobody reads, answers, notes a code and sends in less; what does is marked for a second look, never refused.
FASTEST_SECONDS = int(env.text("RAINBOWRAIL_FASTEST_SECONDS", "20"))
# Where "Leave now" leads; empty: an empty page of our own, so that nothing outside is ever asked for.
LEAVE_TO = env.text("RAINBOWRAIL_LEAVE_TO", "")

# --- apps: the public door is a separate program in all but the repository ---
KERNEL_APPS = ["rainbowrail.crypto", "rainbowrail.privacy", "rainbowrail.web", "rainbowrail.countries"]
# postgres brings fields and indexes, no tables and no sign-in
FURNITURE_APPS = ["django.contrib.staticfiles", "django.contrib.postgres", "django.forms", "crispy_forms"]
PUBLIC_APPS = [*FURNITURE_APPS, *KERNEL_APPS, "intake"]
STAFF_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "pgtrigger",
    "rainbowrail.audit",
    "rainbowrail.lifecycle",
    "rainbowrail.notifications",
    "rainbowrail.accounts",
    "rainbowrail.panic",
    "cases",
    "referrals",
    "rainbowrail.demo",
    "rainbowrail.devtools",
]
INSTALLED_APPS = [] if IS_CLOCK else PUBLIC_APPS if IS_PUBLIC else [*FURNITURE_APPS, *KERNEL_APPS, "intake", *STAFF_APPS]

PUBLIC_MIDDLEWARE = [
    "rainbowrail.web.onion.Transport",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rainbowrail.web.compression.CompressedPages",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "rainbowrail.web.middleware.PrivateResponses",
    "rainbowrail.web.middleware.HeadersOnly",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "rainbowrail.web.middleware.FormOrigin",
    "rainbowrail.web.middleware.PublicDoor",
    "rainbowrail.web.language.KeepsWhatIsTyped",
    "rainbowrail.web.middleware.KeyScope",
    "rainbowrail.web.middleware.DomainErrors",
]
STAFF_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "rainbowrail.web.middleware.PrivateResponses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rainbowrail.web.language.StaffLanguage",  # after it, since it is the person's; before what refuses in words
    "django.middleware.common.CommonMiddleware",
    "rainbowrail.web.middleware.FormOrigin",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "rainbowrail.web.names.CoverNames",
    "rainbowrail.audit.refusals.Refusals",  # around the door, so that it sees what the door refuses
    "rainbowrail.accounts.middleware.StaffDoor",
    "rainbowrail.web.middleware.KeyScope",
    "rainbowrail.web.middleware.DomainErrors",
]
MIDDLEWARE = PUBLIC_MIDDLEWARE if IS_PUBLIC else STAFF_MIDDLEWARE
ROOT_URLCONF = None if IS_CLOCK else "rainbowrail.urls.public" if IS_PUBLIC else "rainbowrail.urls.staff"
WSGI_APPLICATION = "rainbowrail.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csp",
                *(
                    []
                    if IS_PUBLIC
                    else ["django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages"]
                ),
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "rainbowrail.web.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["rainbowrail"]
CRISPY_TEMPLATE_PACK = "rainbowrail"

# --- data ---
DATABASES = {} if IS_CLOCK else {"default": {**env.database(), "CONN_HEALTH_CHECKS": True}}
REDIS_URL = env.text("REDIS_URL")
CACHES: dict[str, dict[str, object]]
if IS_PUBLIC:
    # Nothing of an applicant may enter a cache; the limiter speaks to Redis itself, under limit:* only.
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
else:
    CACHES = {
        "default": {
            "BACKEND": "rainbowrail.web.cache.RedisOrAlone",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "cache",
            "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25},
        }
    }

# --- words ---
LANGUAGE_CODE = "en"
LANGUAGES = words.LANGUAGES
LANGUAGES_BIDI = words.LANGUAGES_BIDI
STAFF_LANGUAGES = words.STAFF_LANGUAGES
LOCALE_PATHS = [
    BASE_DIR / "rainbowrail" / "locale",
    BASE_DIR / "intake" / "locale",
    BASE_DIR / "cases" / "locale",
    BASE_DIR / "referrals" / "locale",
]
LANGUAGE_COOKIE_NAME = "lang"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_SAMESITE = "Strict"
FORMAT_MODULE_PATH = "rainbowrail.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
ORGANISATION_TIME_ZONE = env.text("RAINBOWRAIL_TIME_ZONE", "America/Toronto")

# --- static ---
STATIC_URL = "/static/"
STATIC_ROOT = env.path("RAINBOWRAIL_STATIC", BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # no upload ever reaches a disk in the clear
    "staticfiles": {"BACKEND": "rainbowrail.web.stylesheets.DoorStyles"},
}

GALLERY = False  # every component in every state, in English: for whoever draws pages

# --- what browsers are told ---
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 63072000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
USE_X_FORWARDED_HOST = False
X_FRAME_OPTIONS = "DENY"
SECURE_COOKIES = True
CSRF_COOKIE_NAME = "__Host-form" if IS_PUBLIC else "__Host-staff-form"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None  # ends with the browser session
# Three rules of `check --deploy` know a middleware by another name: Transport is Django's SecurityMiddleware and more,
# FormOrigin is Django's own check and more, PrivateResponses says X-Frame-Options.
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002", "security.W003"]
CSRF_FAILURE_VIEW = "rainbowrail.web.errors.csrf_failure"
VISIT_COOKIE_NAME = "__Host-visit"
VISIT_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_NAME = "__Host-staff"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "rainbowrail.accounts.sessions"
STAFF_IDLE_SECONDS = 30 * 60

# A file is sealed while it is read, by the page that takes files; elsewhere it is passed over. Nothing is spooled to disk.
FILE_UPLOAD_HANDLERS = [
    *(["cases.importing.holding.HoldPartnerFile"] if PROCESS in (Process.STAFF, Process.TEST) else []),
    "intake.upload.SealWhileReading" if PROCESS in (Process.PUBLIC, Process.TEST) else "intake.upload.RefuseFiles",
]
EVIDENCE_STORE = "intake.part_store.DatabaseParts"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- staff sign-in ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account_home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "rainbowrail.accounts.adapter.StaffAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_ADAPTER = "rainbowrail.accounts.second_factor.SealedSecrets"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # staff are invited; nobody can sign up under an address of somebody else
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey signs in alone
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 12
MFA_REAUTHENTICATION_REQUIRED = False  # rainbowrail.accounts.recent asks instead, and keeps no form that was under way
ACCOUNT_FORMS = {"login": "rainbowrail.accounts.forms.signing_in.SignInByPassword"}
MFA_FORMS = {
    "authenticate": "rainbowrail.accounts.forms.factors.SignInByCode",
    "authenticate_webauthn": "rainbowrail.accounts.forms.factors.SignInByPasskeyAfterPassword",
    "login_webauthn": "rainbowrail.accounts.forms.factors.SignInByPasskey",
    "activate_totp": "rainbowrail.accounts.forms.factors.AddApp",
}
# rainbowrail.accounts.limits counts instead: by account, never by the address of a browser.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # the default begins with a readable cookie
ALLAUTH_TRUSTED_PROXY_COUNT = 0

# --- worker ---
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}  # above the longest task
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "intake.drain": {"queue": "drain"},
    "intake.make_clean": {"queue": "files"},
    "cases.*": {"queue": "scoring"},
    "notifications.*": {"queue": "notices"},
    "referrals.*": {"queue": "exports"},
}
CELERY_TIMEZONE = "UTC"

# --- mail: addresses of applicants are opened at sending only ---
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": env.text("RAINBOWRAIL_SMTP_HOST", "localhost"),
            "port": int(env.text("RAINBOWRAIL_SMTP_PORT", "25")),
            "use_tls": env.flag("RAINBOWRAIL_SMTP_TLS"),
            "username": env.text("RAINBOWRAIL_SMTP_USER", ""),
            "password": env.text("RAINBOWRAIL_SMTP_PASSWORD", ""),
            "timeout": 30,
        },
    }
}
DEFAULT_FROM_EMAIL = env.text("RAINBOWRAIL_MAIL_FROM", "office@localhost")
STAFF_URL = env.text("RAINBOWRAIL_STAFF_URL", "")
# Passkeys belong to this host; a request cannot say another one.
STAFF_HOST = urlsplit(STAFF_URL).hostname or "localhost"

LOGGING_CONFIG = "rainbowrail.web.logs.configure"
LOGGING = {"level": env.text("RAINBOWRAIL_LOG_LEVEL", "INFO"), "process": PROCESS.value}
