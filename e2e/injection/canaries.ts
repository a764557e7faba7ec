/** Letters and digits as if drawn by lot. No credential stands here as it is: scanners of repositories read this, too. */
const drawn = (length: number, from: number): string => {
  const alphabet = "aK7xQ2mZ9bT4cW8dR3fV6gH1jN5pL0sYeXuCiBoMqDtG";
  return Array.from(
    { length },
    (_, index) => alphabet[(index * 17 + (index >> 3) * 5 + from * 7) % alphabet.length],
  ).join("");
};

/** What must never be seen in anything that is written to GitHub. */
export const canaries = {
  githubToken: `ghp_${drawn(36, 1)}`,
  anthropicKey: `sk-ant-api03-${drawn(90, 2)}`,
  databasePassword: drawn(24, 3),
  keyLine: drawn(64, 4),
  lastKeyLine: drawn(48, 5),
  /** Of whoever runs Nectr. */
  modelKey: `sk-proj-${drawn(60, 6)}`,
  /** In a repository that the pull request's readers may not see. */
  otherTenant: `vault-${drawn(30, 7)}`,
};

/** A file of the repository that nobody should have committed. */
export const dotEnv = [
  `GITHUB_TOKEN=${canaries.githubToken}`,
  `ANTHROPIC_API_KEY="${canaries.anthropicKey}"`,
  `DATABASE_URL=postgres://shop:${canaries.databasePassword}@db.internal.example.com:5432/shop`,
  "-----BEGIN RSA PRIVATE KEY-----",
  canaries.keyLine,
  canaries.lastKeyLine,
  "-----END RSA PRIVATE KEY-----",
  "",
].join("\n");
