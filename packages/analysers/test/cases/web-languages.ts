import type { RuleCase } from "../rule-case.ts";

export const webLanguageCases: readonly RuleCase[] = [
  {
    rule: "php/sql-injection",
    language: "php",
    finds: [
      "<?php $db->query(\"SELECT * FROM users WHERE id = \" . $_GET['id']);",
      "<?php $db->query(\"SELECT * FROM users WHERE id = {$_GET['id']}\");",
    ],
    passes: [
      "<?php $db->query('SELECT * FROM users WHERE id = ' . intval($_GET['id']));",
      "<?php $db->prepare('SELECT * FROM users WHERE id = ?');",
    ],
  },
  {
    rule: "php/cross-site-scripting",
    language: "php",
    finds: ["<?php echo $_GET['name'];", "<?php echo '<b>' . $_POST['name'] . '</b>';"],
    passes: ["<?php echo htmlspecialchars($_GET['name']);", "<?php echo $name;"],
  },
  {
    rule: "php/unsafe-call",
    language: "php",
    finds: ["<?php $job = unserialize($_COOKIE['job']);", "<?php system('ls ' . $_GET['dir']);"],
    passes: [
      "<?php $job = json_decode($_COOKIE['job']);",
      "<?php system('ls ' . escapeshellarg($_GET['dir']));",
    ],
  },
  {
    rule: "ruby/sql-injection",
    language: "ruby",
    finds: ["User.where(\"name = '#{params[:name]}'\")\n"],
    passes: ['User.where("name = ?", params[:name])\n', 'User.where("kind = #{KIND}")\n'],
  },
  {
    rule: "ruby/shell-injection",
    language: "ruby",
    finds: ['system("convert #{params[:file]}")\n', "`ls #{params[:dir]}`\n"],
    passes: ['system("convert", params[:file])\n', 'system("convert #{Shellwords.escape(params[:file])}")\n'],
  },
  {
    rule: "ruby/tls-unverified",
    language: "ruby",
    finds: ["http.verify_mode = OpenSSL::SSL::VERIFY_NONE\n"],
    passes: ["http.verify_mode = OpenSSL::SSL::VERIFY_PEER\n", "mode = VERIFY_NONE_ALLOWED\n"],
  },
  {
    rule: "java/sql-injection",
    language: "java",
    finds: ['class A { void f() { s.executeQuery("SELECT * FROM users WHERE name = \'" + name + "\'"); } }'],
    passes: [
      'class A { void f() { s.prepareStatement("SELECT * FROM users WHERE name = ?"); } }',
      'class A { void f() { log.info("SELECT a FROM b WHERE c = " + name); } }',
    ],
  },
  {
    rule: "rust/tls-unverified",
    language: "rust",
    finds: ["fn f() { Client::builder().danger_accept_invalid_certs(true).build(); }"],
    passes: [
      "fn f() { Client::builder().danger_accept_invalid_certs(false).build(); }",
      "fn f() { Client::builder().use_rustls_tls().build(); }",
    ],
  },
  {
    rule: "rust/sql-injection",
    language: "rust",
    finds: ["async fn f() { sqlx::query(&format!(\"SELECT * FROM users WHERE name = '{}'\", name)); }"],
    passes: [
      'async fn f() { sqlx::query("SELECT * FROM users WHERE name = $1").bind(name); }',
      'async fn f() { sqlx::query(&format!("SELECT * FROM {} WHERE name = $1", table)).bind(name); }',
    ],
  },
  {
    rule: "rust/blocking-in-async",
    language: "rust",
    finds: ["async fn f() { std::thread::sleep(delay); }"],
    passes: ["async fn f() { tokio::time::sleep(delay).await; }", "fn f() { std::thread::sleep(delay); }"],
  },
];
