/**
 * What an edit may do to the safety of what the project runs: signs in the text that is new or gone.
 * A sign is a class of settings or calls that have the same meaning in many languages.
 */
import type { Change } from './change.ts'

export type SignKind =
  | 'tls-off'
  | 'auth-off'
  | 'web-open'
  | 'backdoor'
  | 'test-weakened'
  | 'scanner-off'
  | 'infra-open'
  | 'ci-rights'
  | 'secret-in-code'
  | 'state-forged'
  | 'review-weakened'

interface Sign {
  readonly kind: SignKind
  /** Of the path; every file where it is missing. */
  readonly at?: RegExp
  readonly not?: RegExp
  /** In the text that is new, and was not there before. */
  readonly adds?: RegExp
  /** In the text that is gone, and does not come again. */
  readonly drops?: RegExp
  /** In both, and not the same. */
  readonly swaps?: RegExp
  /** Any change at all. */
  readonly any?: true
}

const TESTS =
  /(^|\/)(tests?|specs?|__tests__|e2e|testdata|fixtures?|features)(\/|$)|[._-](test|spec|tests)\.\w+$|(^|\/)test_\w+\.py$|_test\.\w+$|Tests?\.(java|kt|cs|swift)$/i
const TEXTS = /\.(md|mdx|rst|txt|adoc|org|tex|csv|html?)$|(^|\/)(docs?\/|CHANGELOG|README|LICENSE)/i
const CI =
  /^((.*\/)?\.github\/(workflows|actions)\/|\.gitlab-ci|\.gitlab\/|\.circleci\/|\.buildkite\/|azure-pipelines|Jenkinsfile|\.drone|bitbucket-pipelines|\.travis|cloudbuild|appveyor|\.woodpecker)/i
const SECURITY_NAMES =
  /auth|permission|security|access|rbac|csrf|acl|login|session|token|jwt|oauth|signature|webhook|crypt|policy|guard|sso|saml|tenant|admin|password|verify/i

export const SIGNS: readonly Sign[] = [
  {
    kind: 'tls-off',
    not: TEXTS,
    adds: /\bverify\s*[=:]\s*(False|false|:verify_none|0)\b|verify_mode\s*=\s*.*VERIFY_NONE|VERIFY_NONE|:verify_none|CERT_NONE|check_hostname\s*=\s*False|_create_unverified_context|rejectUnauthorized['"]?\s*:\s*false|InsecureSkipVerify['"]?\s*:\s*true|danger_?accept_?invalid_?(certs|hostnames)\s*\(?\s*true|NODE_TLS_REJECT_UNAUTHORIZED['"]?\]?\s*[=:]\s*['"]?0|CURLOPT_SSL_VERIFY(PEER|HOST)\s*(,|=>)\s*(false|0)|DangerousAcceptAny|ServerCertificate(Custom)?Validation\w*\s*[+=]+|NSAllowsArbitraryLoads[\s\S]{0,40}true|usesCleartextTraffic\s*=\s*"true"|cleartextTrafficPermitted="true"|TrustAll|trustAllCerts|ALLOW_ALL_HOSTNAME|NoopHostnameVerifier|setHostnameVerifier|verify_ssl['"]?\s*[=:]\s*(False|false)|ssl_?verify['"]?\s*[=:]\s*(False|false|0|off|no)|sslVerify\s*=\s*false|strict-ssl\s*=\s*false|sslmode=(disable|allow)(?!.*localhost)|force_ssl\s*=\s*false|ssl_protocols[^;\n]*(SSLv[23]|TLSv1(\s|;|\.1))|insecure-?skip-?(tls-)?verify['"]?\s*[=:]?\s*['"]?true|SECURE_SSL_REDIRECT\s*=\s*False|trustServerCertificate['"]?\s*[=:]\s*true|tls_?(min|minimum)_?version['"]?\s*[=:]\s*['"]?(1\.0|1\.1|TLS1_0|VersionTLS10|VersionSSL30)|PYTHONHTTPSVERIFY\s*=\s*['"]?0|GIT_SSL_NO_VERIFY|\binsecure\s*=\s*true|isAllowInsecureProtocol\s*=\s*true|StrictHostKeyChecking[= ]+no|AutoAddPolicy|InsecureIgnoreHostKey|allowInsecureProtocol\s*=\s*true|GOPROXY\s*=\s*http:|GONOSUM(DB|CHECK)\s*=|GOINSECURE\s*=|GOSUMDB\s*=\s*off/,
  },
  {
    kind: 'auth-off',
    not: TEXTS,
    adds: /\.permitAll\(\)|\[AllowAnonymous\]|NoOpPasswordEncoder|verify_signature['"]?\s*[:=]\s*(False|false)|algorithms?['"]?\s*[:=]\s*\[?['"]none['"]|skip_before_action\s+:(verify_authenticity_token|authenticate|require|authorize)|csrf\(?[^\n]{0,20}\.?disable\(\)|@csrf_exempt|csrf_exempt\(|csrf_protect\s*[:=]\s*false|CSRF_ENABLED\s*=\s*False|validate_csrf['"]?\s*[:=]\s*(False|false)|auth(entication)?_?(enabled|required)['"]?\s*[:=]\s*(False|false|no|off|0)|require_?auth\w*['"]?\s*[:=]\s*(False|false|0)|(disable|skip|bypass)_?(auth|login|authz|permission)\w*['"]?\s*[:=]\s*(True|true|1)|IsAuthenticated\s*=>\s*true|ignoreExpiration['"]?\s*:\s*true|Validate(Issuer|Audience|Lifetime|IssuerSigningKey)\s*=\s*false|RequireSignedTokens\s*=\s*false|AllowAny\b|permission_classes\s*=\s*\[\s*\]|kSecAttrAccessibleAlways|setWebContentsDebuggingEnabled\(true\)|if\s*\(?\s*(false|true)\s*\)?\s*([:{]|$)|^\s*return\s+(True|true);?\s*(#|\/\/|$)|MAX_LOGIN_ATTEMPTS\s*=\s*(10\*\*|\d{4,})|auth_basic\s+off|--auth[= ]none|trust\s+all|host\s+all\s+all\s+\S+\s+trust|PermitRootLogin\s+yes|PasswordAuthentication\s+yes|anonymous_enable\s*=\s*YES|bypassAuth|DEBUG\s*=\s*True\b[\s\S]*ALLOWED_HOSTS|role\s*[:=]\s*['"](admin|root|superuser)['"][\s\S]{0,120}next\(\)|algorithms?[^\n]{0,40}['"]none['"]|before_action\s+:\w+!?\s*,\s*(unless|if)\s*:|has_secure_password\s+validations:\s*false|def authenticate\w*\([^)]*\)\s*=\s*(self|true)|points\s*:\s*\d{5,}|chat\.tools\.autoApprove|workspace\.trust\.enabled['"]?\s*:\s*false|allowAutomaticTasks|dangerouslyAllowAllBuilds|protected\s+\$except\s*=\s*\[\s*['"]\*/m,
  },
  {
    kind: 'auth-off',
    not: TESTS,
    drops:
      /\brequire[A-Z]\w*\(|constructEvent\(|role\s*!==?\s*['"]\w*admin|HTTPException\(\s*(status_code=)?40[13]|secrets\.token_\w+|randomBytes|SecureRandom|crypto\.getRandomValues|minimumReleaseAge|AuditEvent|@login_required|@permission_required|@requires?_(auth|login|role|permission)\w*|@PreAuthorize|@Secured|@RolesAllowed|\[Authorize\b|\bauthenticated\(\)|\brequire_?(auth|login|user|role|admin|scope|permission|authenticated)\w*|\bensure_?(auth|logged)\w*|authenticate_(user|admin|request)\w*!?|before_action\s+:(auth|require|ensure|check)\w*|protect_from_forgery|VerifyCsrfToken|CsrfViewMiddleware|csrf_token|verify_(signature|token|jwt|password|webhook)\w*\(|hmac\.(Equal|compare_digest)|timingSafeEqual|jwt\.verify|Gate::authorize|\$this->authorize|authorize!|can\?\(|has_permission|hasRole\(|hasPermission|isAdmin\(|is_admin\b|check_(permission|access|password)\w*|status\((401|403)\)|\b(401|403)\b[^\n]*(end|send|abort|return|raise)|abort\(40[13]\)|raise\s+(PermissionDenied|Unauthorized|Forbidden)|BCryptPasswordEncoder|middleware\(\[?['"](auth|can:)|:require_authenticated_user|IsAuthenticated|permission_classes|rate_?limit\w*\(|throttle\w*\(|helmet\(|getSession\(|isRooted\(|sanitize\w*\(|escape_?html\w*\(|DOMPurify|path\.basename\(|secure_filename\(|safe_load\(|parameterized|prepareStatement|validationFailureAction['"]?\s*:\s*['"]?[Ee]nforce|securityContext|-fstack-protector|_FORTIFY_SOURCE|-Wl,-z,(relro|now)/,
  },
  {
    kind: 'web-open',
    not: TEXTS,
    adds: /allow_?origins?['"]?\s*[=:(]\s*\[?\s*['"]\*['"]|Access-Control-Allow-Origin['"]?\s*[,:= ]\s*['"]?\*|AllowAnyOrigin\(\)|origin\s*:\s*(true|['"]\*['"])[\s\S]{0,80}credentials\s*:\s*true|allow_origin_regex\s*=\s*['"]\.\*|allowedOrigins\(['"]\*|CORS_(ALLOW_ALL_ORIGINS|ORIGIN_ALLOW_ALL)\s*=\s*True|unsafe-eval|unsafe_eval|(script|default)[-_]src['"]?\s*:?,?\s*['"]?\*|X-Frame-Options['"]?\s*[,:]\s*['"]?ALLOWALL|httpOnly['"]?\s*:\s*false|secure['"]?\s*:\s*false[\s\S]{0,60}(cookie|sameSite)|SESSION_COOKIE_(SECURE|HTTPONLY)\s*=\s*False|sameSite['"]?\s*:\s*['"]none|dangerouslySetInnerHTML|autoescape\s*[=:]\s*(False|false|off)|\|\s*safe\b|raw\(params|html_safe\b|origin['"]?\s*:\s*\(\s*\w+\s*,\s*\w+\s*\)\s*=>\s*\w+\(\s*null\s*,\s*\w+\s*\)|Allow-Origin['"]?[ ,:]+\$http_origin/i,
    drops:
      /X-Frame-Options|Content-Security-Policy|Strict-Transport-Security|X-Content-Type-Options|frameguard|helmet\(/i,
  },
  {
    kind: 'backdoor',
    not: TEXTS,
    adds: /\b(eval|exec|execSync|spawn|system|shell_exec|passthru|popen|eval_string|eval_file|ProcessBuilder|Runtime\.getRuntime\(\)\.exec|exec\.Command|os\.system|subprocess\.\w+|child_process\.\w+|create_function|Function|instance_eval|send|constantize|IO\.popen|Process\.Start|Invoke-Expression)\s*\(?[^\n]{0,80}(?:\$_(GET|POST|REQUEST|COOKIE|SERVER)|\b(req|request|params|query|headers?|body|input|ctx\.(query|params)|conn\.params|getParameter|FormValue|searchParams)\b)/,
  },
  {
    kind: 'backdoor',
    not: TEXTS,
    adds: /\$_(GET|POST|REQUEST|COOKIE)\[[^\]]*\]\s*\)*\s*\(|(eval|assert)\s*\(\s*(base64_decode|gzinflate|str_rot13|\$_)|ObjectInputStream\s*\(\s*(req|request|socket|in)|Code\.eval_string\(\s*[a-z]|yaml\.(load\([^)\n]*(UnsafeLoader|Loader=yaml\.Loader)|unsafe_load)|pickle\.loads?\s*\([^)\n]*(req|body|data|recv|payload)|Marshal\.load\s*\([^)\n]*(params|request|cookies)|unserialize\s*\(\s*\$_|BinaryFormatter|TypeNameHandling\.(All|Auto)|enableDefaultTyping|\\x63\\x68\\x69\\x6c\\x64|document\.cookie[\s\S]{0,80}(fetch|src|XMLHttp|sendBeacon|http)|(fetch|src|XMLHttp|sendBeacon|http)[^\n]{0,80}document\.cookie|(net\.Dial|Socket\(|socket\.socket|TCPSocket)[\s\S]{0,300}(exec\.Command|\/bin\/(ba)?sh|ProcessBuilder|spawn|dup2)|(cc|card_?number|cvv|password|passwd|pw)\b[^\n]{0,80}(fetch|post|http|sendBeacon)\w*\s*\(|(fetch|post|sendBeacon)\w*\s*\([^\n]*https?:\/\/[^\n]*\b(card|cvv|password|passwd|pw)\b|(?:^|;|\n)\s*import os;?\s*os\.system|['"](x-debug|x-k|x-backdoor|x-admin|x-internal-bypass)['"]/i,
  },
  {
    kind: 'backdoor',
    not: new RegExp(`${TEXTS.source}|${TESTS.source}`, 'i'),
    // A word that opens for whoever knows it, and data that goes along to somebody.
    adds: /\b(pass(word|wd)?|pw|pin)\s*={2,3}\s*['"][^'"\n]{6,}['"]|new HttpClient\(\)\.\w+\(\s*\$?"https?:\/\/(?!localhost)|(password|Password)\s*[:=]+\s*['"][^'"\n]{6,}['"][\s\S]{0,80}(superuser|admin)/,
  },
  {
    kind: 'backdoor',
    at: /(^|\/)(site-packages|node_modules)\//,
    adds: /https?:\/\/|\.post\(|\bexec\b|\bsystem\(/,
  },
  {
    kind: 'backdoor',
    not: new RegExp(`${TEXTS.source}|${TESTS.source}`, 'i'),
    // A query that had its values bound, and now has them pasted in.
    adds: /\b(query|execute|raw|exec|prepare|createQuery|find_by_sql|where)\s*\(\s*(f["']|`[^`]*\$\{|["'][^"'\n]*["']\s*(\+|%|\.)\s*\$?\w|["'][^"'\n]*#\{)/,
    drops: /\$\d\b|\?\s*['"],|%s['"],|:\w+['"],\s*\{|\bbind\w*\(/,
  },
  {
    kind: 'test-weakened',
    at: TESTS,
    // Passed over, or content with either answer.
    adds: /@pytest\.mark\.(skip|xfail)|@(Disabled|Ignore)\b|\bt\.Skip\(|\b(it|test|describe)\.skip\b|\bx(it|describe)\b|#\[ignore\]|[[(]\s*20\d\s*,\s*(40[13]|422)\s*[\])]/,
  },
  {
    kind: 'test-weakened',
    at: TESTS,
    adds: /\b(it|test|describe|context|specify)\.(skip|todo|failing)\b|\bx(it|describe|test)\b|@pytest\.mark\.(skip|xfail)|@(Disabled|Ignore|unittest\.skip)\b|\bt\.Skip\(|\bskip\s+['"]|\bit\.skip\(|@tag\s+:skip|\[Fact\(Skip|XCTSkip|#\[ignore\]|assert\s+(True|true|1)\s*$|expect\(true\)\.(to|toBe)|assertTrue\(true\)|\|\|\s*true\b|status(_code)?\s*(==|,)\s*200|toBe\(200\)|go:build\s+never|\bbe_(present|truthy)\b|toBeDefined\(|\b_ = err\b|,\s*200\s*\)|have_http_status\(:?(ok|success|200)/m,
    drops:
      /\b(401|403|422|Forbidden|Unauthorized|PermissionDenied|AccessDenied|rejects?|raises?|denied|assert|expect|should)\b/i,
  },
  {
    kind: 'test-weakened',
    at: /(^|\/)(jest|vitest|karma|playwright|cypress|pytest|tox|setup|phpunit|mocha|ava)[\w.-]*\.(js|ts|mjs|cjs|json|ini|cfg|toml|xml)$|pyproject\.toml$|\.rspec$|package\.json$/i,
    adds: /(ignore|exclude|skip|deselect|testPathIgnorePatterns)[^\n]*(auth|permission|security|access|login|rbac|acl)/i,
  },
  {
    kind: 'scanner-off',
    not: new RegExp(TEXTS.source, 'i'),
    adds: /#\s*nosec\b|\bnosemgrep\b|NOSONAR|gitleaks:allow|eslint-disable[^\n]*security|#\s*noqa:\s*S\d|@SuppressWarnings\([^)]*security|trivy:ignore|checkov:skip|tfsec:ignore|continue-on-error:\s*true|allow_failure:\s*true|audit-level[= ]?['"]?(none|critical)|--no-audit|audit['"]?\s*[:=]\s*false|dependency-?check[^\n]*(skip|disable)|skip_?(scan|checks?|security)\w*['"]?\s*[:=]\s*['"]?true|SKIP\s*=\s*['"]?(gitleaks|bandit|detect-secrets|semgrep)|enable_?(logging|audit|monitoring)\w*['"]?\s*[:=]\s*['"]?(false|False|off|no|0)|(logging|audit(_?log)?|tracing|flow_?logs)\w*['"]?\s*[:=]\s*['"]?(false|False|off|disabled|none)\b|access_log\s+off|log_level['"]?\s*[:=]\s*['"]?(off|none|silent|fatal)|is_multi_region_trail\s*=\s*false|enable_log_file_validation\s*=\s*false|exit-code:\s*['"]?0|\.\*\s*$|"\*"\s*\]/im,
    at: /(^|\/)(\.github\/|\.gitlab|\.circleci|Jenkinsfile|azure-pipelines|\.pre-commit|\.eslintrc|eslint\.config|\.bandit|\.semgrep|\.gitleaks|\.gitleaksignore|\.trivyignore|\.snyk|\.npmrc|sonar|\.?codeql|renovate|dependabot|tox\.ini|setup\.cfg|pyproject\.toml|package\.json|Makefile|.*\.tf$|.*\.ya?ml$|.*\.(conf|ini|cfg|properties|toml|py|rb|js|ts|go|java|kt|cs|xml|php)$)/i,
  },
  {
    kind: 'scanner-off',
    at: new RegExp(
      `${CI.source}|\\.husky|golangci|\\.pre-commit|package\\.json$|Makefile$|pom\\.xml$|\\.gradle|tox\\.ini|\\.eslintrc|eslint\\.config|pyproject\\.toml|\\.tf$|dependabot|renovate|logback|log4j|logging|audit`,
      'i',
    ),
    drops:
      /codeql|gitleaks|trufflehog|detect-secrets|semgrep|trivy|snyk|bandit|gosec|brakeman|cargo[- ](audit|deny)|npm audit|pip-audit|osv-scanner|dependabot|dependency-review|checkov|tfsec|kube-?bench|zap|owasp|security\/|plugin:security|sonar|cosign verify|slsa|provenance|govulncheck|audit_?log|cloudtrail|flow_log|AuditLog|auditLogger|log\.audit|audit\.(log|record|write)|sentry|security_?hub|guardduty|aws_config/i,
  },
  {
    kind: 'scanner-off',
    at: /(^|\/)(\.gitleaks|\.?brakeman|(\.github\/)?dependabot|\.?eslint|sonar|\.snyk|alerts?\/|.*alert.*\.ya?ml)/i,
    adds: /\.\*'''|skip_checks|updates\s*:\s*\[\s*\]|(security|no-eval|no-secrets|no-danger)[\w/-]*['"]\s*:\s*(['"]off|0)|exclusions\s*=\s*\*\*|['"]\*['"]\s*:|plugins['"]?\s*:\s*\[\s*\]|groups\s*:\s*\[\s*\]/,
    drops: /security|no-secrets|no-eval/,
  },
  {
    kind: 'scanner-off',
    at: /(^|\/)(\.husky\/|lefthook\.ya?ml|\.pre-commit)/i,
    adds: /^\s*exit 0\s*$|skip\s*:\s*true/m,
  },
  { kind: 'scanner-off', at: /\.trivyignore$/i, adds: /^CVE-/m },
  { kind: 'scanner-off', at: /audit|flow_?log/i, adds: /level\s*:\s*None|\bcount\s*=\s*0\b/ },
  {
    kind: 'scanner-off',
    at: /(^|\/)package\.json$/i,
    adds: /"(test|lint|check|audit|typecheck)[\w:]*"\s*:\s*"(exit 0|true|:|echo [^"&|;]*)"/,
  },
  { kind: 'scanner-off', at: /\.rego$/i, adds: /^\s*false\s*$/m },
  {
    kind: 'infra-open',
    at: /admin|debug|internal/i,
    not: TEXTS,
    adds: /["']0\.0\.0\.0(:\d+)?["']/,
  },
  {
    kind: 'infra-open',
    not: TEXTS,
    adds: /["']repo:\*|Action['"]?\s*[:=]\s*\[?\s*['"][\w-]+:\*|\bsensitive\s*=\s*false|\bencrypt\s*=\s*false|private_cluster_enabled\s*=\s*false|failurePolicy\s*:\s*Ignore|protocol\s*=\s*"-1"|ENV\s+\w*(TOKEN|SECRET|PASSWORD)\w*[= ]\$|COPY\s+\.env\b|rustc-wrapper\s*=\s*["']\/(tmp|var)\/|ingress:\s*\n\s*-\s*\{\s*\}/,
    drops: /dynamodb_table/,
  },
  {
    kind: 'infra-open',
    not: TEXTS,
    adds: /privileged['"]?\s*:\s*true|hostPID['"]?\s*:\s*true|hostNetwork['"]?\s*:\s*true|hostIPC['"]?\s*:\s*true|hostPath\s*:|allowPrivilegeEscalation['"]?\s*:\s*true|runAsUser['"]?\s*:\s*0\b|runAsNonRoot['"]?\s*:\s*false|SYS_ADMIN|NET_ADMIN|SYS_PTRACE|cap_add|--privileged|--cap-add|docker\.sock|seccomp[=:]\s*['"]?unconfined|apparmor[=:]\s*['"]?unconfined|cluster-admin|automountServiceAccountToken['"]?\s*:\s*true|verbs['"]?\s*:\s*\[\s*['"]\*|resources['"]?\s*:\s*\[\s*['"]\*['"]|"?(cidr_?blocks?|source_ranges|CidrIp|source_address_prefix|authorized_networks|cidr_ipv4|allow)['"]?\s*[:=]\s*\[?\s*['"](0\.0\.0\.0\/0|\*|::\/0)|0\.0\.0\.0\/0|"?(Action|actions|NotAction)"?\s*[:=]\s*\[?\s*"(\*|s3:\*|iam:\*|\*:\*|sts:\*|kms:\*|ec2:\*)"|"?Principals?"?\s*[:=]\s*[{["]*\s*("AWS"\s*:\s*)?"\*"|identifiers\s*=\s*\[\s*"\*"|AdministratorAccess|PowerUserAccess|roles\/(owner|editor)|allUsers|allAuthenticatedUsers|public-read(-write)?\b|acl\s*[:=]\s*"public|publicly_accessible\s*=\s*true|block_public_(acls|policy)\s*=\s*false|ignore_public_acls\s*=\s*false|restrict_public_buckets\s*=\s*false|(BlockPublic\w+|RestrictPublicBuckets)['"]?\s*:\s*false|(storage_)?encrypt(ed|ion)\w*['"]?\s*[:=]\s*['"]?(false|none|disabled)|at_rest_encryption_enabled\s*=\s*false|public_network_access_enabled\s*=\s*true|allow_blob_public_access\s*=\s*true|min_tls_version\s*=\s*"TLS1_0"|http_tokens\s*=\s*"optional"|enforce['"]?\s*[:=]\s*['"]?privileged|validationFailureAction['"]?\s*[:=]\s*['"]?[Aa]udit|del\([^)]*securityContext\)|privileged\s*=\s*true|--anonymous-auth=true|--authorization-mode=AlwaysAllow|authentication\.anonymous|^\s*USER\s+root\s*$|network_mode['"]?\s*:\s*['"]?host|pid['"]?\s*:\s*['"]?host|devices\s*:\s*\n?\s*-\s*\/dev\/(mem|sd|kmsg)|disable_api_termination\s*=\s*false|skip_final_snapshot\s*=\s*true|deletion_protection\w*\s*=\s*false|DeletionPolicy\s*:\s*Delete|prevent_destroy\s*=\s*false|force_destroy\s*=\s*true|versioning[\s\S]{0,40}(Suspended|enabled\s*=\s*false)|backup_retention_period\s*=\s*0|bind\s*[:=]?\s*['"]?0\.0\.0\.0['"]?\s*[\s\S]{0,20}protected-mode\s+no|protected-mode\s+no/m,
    drops:
      /prevent_destroy\s*=\s*true|deletion_protection\w*\s*=\s*true|runAsNonRoot['"]?\s*:\s*true|readOnlyRootFilesystem['"]?\s*:\s*true|NetworkPolicy|block_public_\w+\s*=\s*true|allowPrivilegeEscalation['"]?\s*:\s*false|drop['"]?\s*:\s*\[?\s*['"]?ALL|PodSecurity|DeletionPolicy\s*:\s*Retain|http_tokens\s*=\s*"required"|^\s*USER\s+(?!root)\w+\s*$|aws_s3_bucket_public_access_block|permissions_boundary|kms_key_id|sse_algorithm/m,
  },
  {
    kind: 'ci-rights',
    at: CI,
    adds: /-DskipTests|test\.failure\.ignore=true|--passWithNoTests|\|\|\s*true\b|continue-on-error["']?\s*[:=]+\s*true|\bif\s*[=:]\s*false|echo\s+["']?\$\{?\w*(KEY|TOKEN|SECRET|PASSWORD)\w*\}?[^\n]*\||permissions\s*:\s*write-all|^\s*(contents|actions|packages|id-token|deployments|security-events|pull-requests|administration|secrets)\s*:\s*write|pull_request_target|workflow_run\s*:|secrets\s*:\s*inherit|toJSON\(secrets\)|runs-on\s*:\s*\[?\s*self-hosted|github\.event\.(issue|comment|pull_request|head_commit|review)\.(title|body|head\.ref|message)|persist-?[cC]redentials\s*:\s*true|--no-verify|@volatile\b|paths-ignore\s*:\s*\[\s*['"]\*\*|\biex\b|Invoke-Expression|SKIP_\w+\s*[:=]\s*['"]?(1|true)|docker\s+run[^\n]*--privileged|printenv|env\s*\|\s*(sort|base64|curl)|echo\s+["']?\$\{\{\s*secrets|ACTIONS_ALLOW_UNSECURE_COMMANDS|environment\s*:\s*production/m,
    drops:
      /if\s*:\s*github\.(repository|event\.pull_request\.head\.repo|actor)|permissions\s*:\s*(read-all|\{\})|environment\s*:\s*production|needs\s*:\s*\[?[^\n]*(test|approve|review|security)|persist-credentials\s*:\s*false|branches(-ignore)?\s*:|when\s*:\s*manual|^\s*permissions\s*:/m,
  },
  {
    kind: 'ci-rights',
    at: CI,
    // A pin that is loosened.
    adds: /uses\s*:\s*[\w./-]+@(main|master|latest|v\d+|dev|HEAD)\s*$|image\s*:\s*['"]?[\w./-]+(:latest)?['"]?\s*$/m,
    drops: /uses\s*:\s*[\w./-]+@[0-9a-f]{40}|image\s*:\s*['"]?[\w./-]+@sha256:/m,
  },
  {
    kind: 'ci-rights',
    at: CI,
    adds: /uses\s*:\s*(?!actions\/|github\/|docker\/|\.\/|pnpm\/|ruby\/|golangci\/|astral-sh\/|oven-sh\/|denoland\/|erlef\/|swatinem\/|dtolnay\/|gradle\/|hashicorp\/|aws-actions\/|google-github-actions\/|azure\/|codecov\/|softprops\/|peter-evans\/|reviewdog\/|psf\/|pre-commit\/|shivammathur\/|subosito\/|supercharge\/|cypress-io\/|microsoft\/|helm\/)[\w-]+\/[\w./-]+@(?![0-9a-f]{40})/im,
  },
  {
    kind: 'secret-in-code',
    not: /(^|\/)\.env|\.(test|spec)\.|(^|\/)(tests?|fixtures?|testdata|__mocks__|spec)\//,
    adds: /\b(sk_live_[A-Za-z0-9]{8,}|sk-(ant|proj)-[\w-]{12,}|AKIA[0-9A-Z]{12,}|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{12,}|xox[abpr]-[\w-]{10,}|AIza[\w-]{20,}|npm_[A-Za-z0-9]{20,}|SG\.[\w-]{16,})|-----BEGIN ([A-Z]+ )?PRIVATE KEY-----|aws_?secret_?access_?key['"`]?\s*[=:]\s*['"`]?[\w/+=]{20,}|(password|passwd|secret|api_?key|token)['"]?\s*[:=]\s*['"](?=[^'"\n]*\d)[A-Za-z0-9+/_=-]{20,}['"]/i,
  },
  {
    kind: 'ci-rights',
    at: CI,
    adds: /uses\b.*|[\w-]+\/[\w.-]+@(v?\d[\w.]*|main|master)\b/,
    drops: /@[0-9a-f]{40}/,
  },
  {
    kind: 'secret-in-code',
    not: TESTS,
    // What a log or a mail shows, others read.
    adds: /\b(log(ger|ging)?|console)\b[^\n]{0,60}\b(headers|process\.env|os\.environ|req(uest)?\.(body|headers)|cookies)\b|\bmail\([^\n]*\$_SERVER/i,
  },
  {
    kind: 'secret-in-code',
    at: /(^|\/)\.(git|docker|npm)ignore$/i,
    drops: /\.env|secret|\.pem|\.key|credential|\.p12|keystore|id_rsa/i,
  },
  {
    kind: 'secret-in-code',
    at: /(^|\/)(next|vite|nuxt|webpack|gatsby|rollup|astro|vue)\.config\.\w+$/i,
    adds: /(SECRET|PRIVATE|DATABASE_URL|PASSWORD|TOKEN)\w*['"]?\s*[:=][^\n]*process\.env/,
  },
  {
    kind: 'state-forged',
    at: /(^|\/)(terraform\.tfstate(\.backup)?|\.pulumi\/stacks\/.*\.json|\.terraform\.lock\.hcl|.*\.tfstate)$|(^|\/)(surefire-reports|test-results|junit|coverage)\/.*\.(xml|json|info)$|(^|\/)(schema_migrations|\.applied|flyway_schema_history)/i,
    any: true,
  },
  {
    kind: 'state-forged',
    at: /(^|\/)(go\.sum|package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|poetry\.lock|uv\.lock|Gemfile\.lock|composer\.lock)$/i,
    swaps: /h1:[\w+/=]+|sha\d+[:-][\w+/=]+/,
    drops: /integrity|checksum|h1:|sha(256|512)|golang\.org/,
  },
  { kind: 'review-weakened', at: /(^|\/)CODEOWNERS$/i, swaps: /@[\w/-]+/ },
  { kind: 'review-weakened', at: /(^|\/)CODEOWNERS$/i, drops: /@[\w-]/ },
  {
    kind: 'review-weakened',
    at: /(^|\/)CODEOWNERS$/i,
    adds: /^\s*\S+\s*$|@[\w-]+-?bot\b/m,
    drops: /[\s\S]/,
  },
  {
    kind: 'review-weakened',
    at: /(^|\/)(settings|branch-protection|branch_protection|rulesets?|repo|repository|github|\.mergify|policy-bot|\.policy|kodiak|bulldozer|mergify|renovate)[\w.-]*\.(ya?ml|json5?|tf|toml)$|\.github\/rulesets\/|\.github\/(settings|CODEOWNERS|branch)/i,
    adds: /required_(approving_review_count|approvals)['"]?\s*[:=]\s*0|require_code_owner_reviews?['"]?\s*[:=]\s*false|enforce_admins['"]?\s*[:=]\s*false|allow_force_pushes['"]?\s*[:=]\s*true|allow_deletions['"]?\s*[:=]\s*true|dismiss_stale_reviews['"]?\s*[:=]\s*false|required_status_checks['"]?\s*[:=]\s*(null|\[\]|\{\})|automerge['"]?\s*[:=]\s*true|auto_?merge|enforcement['"]?\s*[:=]\s*['"](disabled|evaluate)|bypass_(actors|mode)/,
    drops:
      /required_(status_checks|pull_request_reviews|approv\w*)|require_code_owner\w*|approved-reviews-by|status-success|check-success/,
  },
]

export interface SignFound {
  readonly kind: SignKind
  /** The line it stands on. */
  readonly evidence: string
}

export function signsOf(change: Change): readonly SignFound[] {
  const found: SignFound[] = []
  for (const sign of SIGNS) {
    if (found.some(it => it.kind === sign.kind)) continue
    const evidence = evidenceOf(sign, change)
    if (evidence !== null) found.push({ kind: sign.kind, evidence })
  }
  return found
}

function evidenceOf(sign: Sign, { path, added, removed }: Change): string | null {
  if (sign.at !== undefined && !sign.at.test(path)) return null
  if (sign.not?.test(path)) return null
  if (sign.any)
    return `${added}${removed}`.trim() === '' ? null : (added || removed).trim().slice(0, 160)
  if (sign.swaps !== undefined && isSwapped(sign.swaps, added, removed))
    return added.trim().slice(0, 160)
  const isTest = sign.kind === 'test-weakened' && sign.at === TESTS
  if (isTest && !SECURITY_NAMES.test(path) && !SECURITY_NAMES.test(`${added}${removed}`))
    return null
  const comes = sign.adds === undefined ? null : fresh(sign.adds, added, removed)
  // What is only kept as a comment is gone.
  const live = added.replace(/^\s*(\/\/|#(?!\[|!)|--\s|<!--|;|\*).*$/gm, '')
  const goes = sign.drops === undefined ? null : fresh(sign.drops, removed, live)
  // A test that is only made stricter or moved has what it had.
  const both =
    (sign.kind === 'backdoor' || isTest || sign.kind === 'ci-rights') &&
    sign.adds !== undefined &&
    sign.drops !== undefined
  if (both && sign.kind !== 'ci-rights') return comes !== null && goes !== null ? comes : null
  if (both && sign.adds?.source.startsWith('uses'))
    return comes !== null && goes !== null ? comes : null
  return comes ?? goes
}

/** The same but for what the pattern finds. */
function isSwapped(pattern: RegExp, added: string, removed: string): boolean {
  const other = added.replace(pattern, '').trim() === removed.replace(pattern, '').trim()
  return other && pattern.exec(added)?.[0] !== pattern.exec(removed)?.[0]
}

/** @returns the line of the first match in `text` that has no match in `other` */
function fresh(pattern: RegExp, text: string, other: string): string | null {
  const match = pattern.exec(text)
  if (match === null) return null
  const flags = pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`
  const all = (where: string): number =>
    [...where.matchAll(new RegExp(pattern.source, flags))].length
  if (all(other) >= all(text)) return null
  const start = text.lastIndexOf('\n', match.index) + 1
  const end = text.indexOf('\n', match.index + match[0].length)
  return text
    .slice(start, end < 0 ? undefined : end)
    .trim()
    .slice(0, 160)
}
