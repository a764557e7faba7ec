/** What a credential of one issuer looks like. */
export interface SecretForm {
  /** As a reader of the review sees it. */
  readonly kind: string;
  /** Texts of which each such credential has one: without any, the pattern is not tried. */
  readonly hints: readonly string[];
  /**
   * Global, and linear on any text: what it may look through from one start is bounded, or no second start lies in it.
   * Where it says what may not stand before, a mask's `]` is among that, so that no mask makes room for another.
   */
  readonly pattern: RegExp;
}

/** Each by the issuer's own prefix, which nothing else begins with. The masked run ends where its alphabet does. */
export const tokenForms: readonly SecretForm[] = [
  form("GitHub token", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], /gh[pousr]_[\w.-]{29,}[A-Za-z0-9_]/g),
  form("GitHub token", ["github_pat_"], /github_pat_\w{22,}/g),
  form(
    "GitLab token",
    ["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glimt-", "glagent-", "gloas-"],
    /gl(?:pat|dt|rt|rtr|cbt|ptt|ft|soat|imt|agent|oas)-[\w.-]{17,}[\w-]/g,
  ),
  form("GitLab token", ["GR1348941"], /GR1348941[\w-]{20,}/g),
  form(
    "AWS access key id",
    ["AKIA", "ASIA", "ABIA", "ACCA"],
    /(?<![\w\]])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16,}/g,
  ),
  form("AWS Bedrock API key", ["ABSK"], /(?<![\w\]])ABSK[A-Za-z0-9+/]{80,}={0,2}/g),
  form("Google API key", ["AIza"], /AIza[\w-]{35,}/g),
  form("Google API key", ["AQ.Ab"], /(?<![\w\]])AQ\.Ab[\w-]{40,}/g),
  form("Google OAuth secret", ["GOCSPX-"], /GOCSPX-[\w-]{20,}/g),
  form("Google access token", ["ya29."], /(?<![\w\]])ya29\.[\w.-]{20,}[\w-]/g),
  form("Google refresh token", ["1//0"], /(?<![\w\]])1\/\/0[\w-]{40,}/g),
  form(
    "Azure key",
    ["AccountKey=", "SharedAccessKey="],
    /(?<=(?:Account|SharedAccess)Key=)[A-Za-z0-9+/]{40,}={0,2}/g,
  ),
  form("Azure signature", ["sig="], /(?<=[?&;]sig=)[A-Za-z0-9%+/]{43,}={0,2}/g),
  form("Azure client secret", ["Q~"], /(?<![\w~.\]-])[\w~.-]{3}\dQ~[\w~.-]{30,}[\w~-]/g),
  form("Azure API key", ["JQQJ99"], /(?<![\w\]])[A-Za-z0-9]{44,52}JQQJ99[A-Za-z0-9]{20,}/g),
  form("Slack token", ["xox"], /xox[abceoprs][-.][\w.-]{10,}\w/g),
  form("Slack token", ["xapp-"], /xapp-\d-[\w-]{20,}/g),
  form(
    "Slack webhook address",
    ["hooks.slack.com/"],
    /(?<=hooks\.slack\.com\/)(?:services|workflows|triggers)\/[\w/]{20,}/g,
  ),
  form("Discord webhook address", ["/api/webhooks/"], /(?<=\/api\/webhooks\/)\d{16,}\/[\w-]{40,}/g),
  form("Stripe key", ["_live_", "_test_", "_prod_"], /(?<![\w\]])[rs]k_(?:live|test|prod)_[A-Za-z0-9]{10,}/g),
  form("Webhook secret", ["whsec_"], /whsec_[A-Za-z0-9+/]{24,}={0,2}/g),
  form("Anthropic API key", ["sk-ant-"], /sk-ant-[\w-]{20,}/g),
  form("OpenAI API key", ["sk-"], /(?<![\w\]-])sk-(?:proj|svcacct|admin|None|or)-[\w-]{20,}/g),
  form("OpenAI API key", ["sk-"], /(?<![\w\]-])sk-[A-Za-z0-9]{32,}/g),
  form("Groq API key", ["gsk_"], /(?<![\w\]])gsk_[A-Za-z0-9]{40,}/g),
  form("xAI API key", ["xai-"], /(?<![\w\]])xai-[A-Za-z0-9]{60,}/g),
  form("Perplexity API key", ["pplx-"], /(?<![\w\]])pplx-[A-Za-z0-9]{40,}/g),
  form("Replicate token", ["r8_"], /(?<![\w\]])r8_[A-Za-z0-9]{37,}/g),
  form("Hugging Face token", ["hf_", "api_org_"], /(?<![\w\]])(?:hf|api_org)_[A-Za-z0-9]{30,}/g),
  form("npm access token", ["npm_"], /(?<![\w\]])npm_[A-Za-z0-9]{36,}/g),
  form("PyPI token", ["pypi-Ag"], /pypi-Ag[\w-]{40,}/g),
  form("RubyGems API key", ["rubygems_"], /(?<![\w\]])rubygems_[0-9a-f]{48,}/g),
  form("crates.io token", ["cio"], /(?<![\w\]])cio(?=[a-zA-Z]{0,31}\d)[A-Za-z0-9]{32}(?![\w[])/g),
  form("NuGet API key", ["oy2"], /(?<![\w\]])oy2[a-z0-9]{43}(?![\w[])/g),
  form("Docker token", ["dckr_"], /dckr_[op]at_[\w-]{20,}/g),
  form("DigitalOcean token", ["_v1_"], /(?<![\w\]])do[opr]_v1_[0-9a-f]{60,}/g),
  form("Databricks token", ["dapi"], /(?<![\w\]])dapi[0-9a-f]{32,}(?:-\d)?/g),
  form("HashiCorp Vault token", ["hvs.", "hvb.", "hvr."], /(?<![\w\]])hv[sbr]\.[\w-]{24,}/g),
  form("Terraform token", [".atlasv1."], /(?<![\w\]])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}/g),
  form("Grafana token", ["glc_", "glsa_"], /(?<![\w\]])(?:glc_[A-Za-z0-9+/]{32,}={0,2}|glsa_\w{32,})/g),
  form("Sentry token", ["sntrys_", "sntryu_"], /sntry[su]_[\w+/=-]{40,}/g),
  form("Linear token", ["lin_"], /(?<![\w\]])lin_(?:api|oauth)_[A-Za-z0-9]{30,}/g),
  form("Notion token", ["ntn_"], /(?<![\w\]])ntn_[A-Za-z0-9]{40,}/g),
  form("Atlassian token", ["ATATT3", "ATCTT3"], /AT[AC]TT3[\w=-]{40,}/g),
  form("Figma token", ["figd_"], /(?<![\w\]])figd_[\w-]{30,}/g),
  form("Postman API key", ["PMAK-"], /PMAK-[0-9a-f]{24}-[0-9a-f]{20,}/g),
  form("Shopify token", ["shp"], /(?<![\w\]])shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32,}/g),
  form("SendGrid key", ["SG."], /(?<![\w\]])SG\.[\w-]{16,32}\.[\w-]{30,}/g),
  form("Mailgun key", ["key-"], /(?<![\w\]-])key-[0-9a-f]{32}(?![\w[])/g),
  form("Mailchimp key", ["-us"], /(?<![\w\]-])[0-9a-f]{32}-us\d{1,2}(?![\w[])/g),
  form("Twilio key", ["SK"], /(?<![\w\]])SK[0-9a-f]{32}(?![\w[])/g),
  form("Telegram token", [":AA"], /(?<![\w\]])\d{8,10}:AA[\w-]{33}(?![\w[])/g),
  form("Square token", ["sq0"], /(?<![\w\]])sq0(?:atp|csp|idp)-[\w-]{22,}/g),
  form("New Relic key", ["NRAK-"], /NRAK-[A-Z0-9]{27,}/g),
  form("Dynatrace token", ["dt0c01."], /dt0c01\.[A-Z0-9.]{60,}[A-Z0-9]/g),
  form("Pulumi token", ["pul-"], /(?<![\w\]-])pul-[0-9a-f]{40,}/g),
  form("PlanetScale token", ["pscale_"], /pscale_(?:tkn|pw|oauth)_[\w=.-]{31,}[\w=-]/g),
  form("Supabase token", ["sbp_", "sb_secret_"], /(?<![\w\]])(?:sbp_[0-9a-f]{40,}|sb_secret_[\w-]{20,})/g),
  form("Doppler token", ["dp."], /(?<![\w\]])dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{39,}[\w-]/g),
  form("Tailscale key", ["tskey-"], /tskey-[\w-]{20,}/g),
  form("Fly token", ["fm2_", "fo1_"], /(?<![\w\]])(?:fm2_[A-Za-z0-9+/]{50,}={0,2}|fo1_[\w-]{40,})/g),
  form("1Password token", ["ops_eyJ"], /ops_eyJ[\w+/=-]{100,}/g),
  form("age key", ["AGE-SECRET-KEY-1"], /AGE-SECRET-KEY-1[0-9A-Z]{50,}/g),
  form("Vercel token", ["vcp_", "vci_", "vca_", "vcr_", "vck_"], /(?<![\w\]])vc[piark]_[A-Za-z0-9]{40,}/g),
  form("JWT", ["eyJ"], /(?<![\w\]-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?/g),
  form("encrypted JWT", ["eyJ"], /(?<![\w\]-])eyJ[\w-]{8,}\.[\w-]*\.[\w-]{8,}\.[\w-]{16,}\.[\w-]{16,}/g),
  form("Fernet token", ["gAAAAA"], /(?<![\w\]-])gAAAAA[\w-]{90,}={0,2}/g),
];

function form(kind: string, hints: readonly string[], pattern: RegExp): SecretForm {
  return { kind, hints, pattern };
}
