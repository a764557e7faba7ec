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
    finds: [
      'Order.order("created_at #{params[:direction]}")\n',
      "User.where(\"name = '#{params[:name]}'\")\n",
    ],
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
    finds: [
      "Net::HTTP.start(host, 443, verify_mode: OpenSSL::SSL::VERIFY_NONE)\n",
      "http.verify_mode = OpenSSL::SSL::VERIFY_NONE\n",
    ],
    passes: ["http.verify_mode = OpenSSL::SSL::VERIFY_PEER\n", "mode = VERIFY_NONE_ALLOWED\n"],
  },
  {
    rule: "java/sql-injection",
    language: "java",
    finds: [
      'class A { void f() { jdbc.update("DELETE FROM carts WHERE id = " + id); } }',
      'class A { void f() { s.executeQuery("SELECT * FROM users WHERE name = \'" + name + "\'"); } }',
    ],
    passes: [
      'class A { void f() { s.prepareStatement("SELECT * FROM users WHERE name = ?"); } }',
      'class A { void f() { log.info("SELECT a FROM b WHERE c = " + name); } }',
    ],
  },
  {
    rule: "rust/tls-unverified",
    language: "rust",
    finds: [
      "fn f() { let b = builder.danger_accept_invalid_hostnames(true); }",
      "fn f() { Client::builder().danger_accept_invalid_certs(true).build(); }",
    ],
    passes: [
      "fn f() { Client::builder().danger_accept_invalid_certs(false).build(); }",
      "fn f() { Client::builder().use_rustls_tls().build(); }",
    ],
  },
  {
    rule: "rust/sql-injection",
    language: "rust",
    finds: [
      'async fn f() { client.query(&format!("DELETE FROM carts WHERE id = {id}"), &[]); }',
      "async fn f() { sqlx::query(&format!(\"SELECT * FROM users WHERE name = '{}'\", name)); }",
    ],
    passes: [
      'async fn f() { sqlx::query("SELECT * FROM users WHERE name = $1").bind(name); }',
      'async fn f() { sqlx::query(&format!("SELECT * FROM {} WHERE name = $1", table)).bind(name); }',
    ],
  },
  {
    rule: "rust/blocking-in-async",
    language: "rust",
    finds: [
      "async fn g() -> u8 { loop { thread::sleep(PAUSE); } }",
      "async fn f() { std::thread::sleep(delay); }",
    ],
    passes: ["async fn f() { tokio::time::sleep(delay).await; }", "fn f() { std::thread::sleep(delay); }"],
  },
  {
    rule: "java/tls-unverified",
    language: "java",
    finds: [
      "class A { void f() { b.setSSLHostnameVerifier(NoopHostnameVerifier.INSTANCE); } }",
      "class T implements X509TrustManager { public void checkServerTrusted(X509Certificate[] c, String t) { } }",
    ],
    passes: [
      "class A { void f() { b.setSSLHostnameVerifier(new DefaultHostnameVerifier()); } }",
      "class T { public void checkServerTrusted(X509Certificate[] c, String t) { d.checkServerTrusted(c, t); } }",
    ],
  },
  {
    rule: "java/broken-cipher",
    language: "java",
    finds: [
      'class A { void f() { Cipher.getInstance("DES/CBC/PKCS5Padding"); } }',
      'class A { void f() { Cipher c = Cipher.getInstance("AES"); } }',
      'class A { void f() { Cipher.getInstance("AES/ECB/PKCS5Padding"); } }',
    ],
    passes: [
      'class A { void f() { Cipher.getInstance("AES/GCM/NoPadding"); } }',
      "class A { void f() { Cipher.getInstance(name); } }",
      'class A { void f() { KeyGenerator.getInstance("AES"); } }',
      'class A { void f() { Cipher.getInstance("RSA/ECB/OAEPPadding"); } }',
    ],
  },
  {
    rule: "java/shell-injection",
    language: "java",
    finds: [
      'class A { void f() { Runtime.getRuntime().exec("tar xf " + name); } }',
      'class A { void f() { runtime.exec("ls " + dir.getPath()); } }',
    ],
    passes: [
      'class A { void f() { Runtime.getRuntime().exec("sync"); } }',
      'class A { void f() { Runtime.getRuntime().exec(new String[] {"tar", "xf", name}); } }',
      'class A { void f() { pool.exec("a" + b); } }',
    ],
  },
  {
    rule: "java/return-in-finally",
    language: "java",
    finds: [
      "class A { int f() { try { return g(); } finally { return 1; } } }",
      "class A { int f() { try { g(); } finally { if (x) { return 1; } } } }",
    ],
    passes: [
      "class A { int f() { try { return g(); } finally { close(); } } }",
      "class A { void f() { try { g(); } finally { xs.forEach(x -> { return; }); } } }",
    ],
  },
  {
    rule: "java/error-not-thrown",
    language: "java",
    finds: [
      'class A { void f() { if (x < 0) new IllegalArgumentException("x"); } }',
      "class A { void f() { new OutOfStockError(); } }",
    ],
    passes: [
      'class A { void f() { throw new IllegalArgumentException("x"); } }',
      "class A { void f() { Exception e = new Exception(); } }",
      "class A { void f() { new Thread(); } }",
    ],
  },
  {
    rule: "rust/shell-injection",
    language: "rust",
    finds: [
      'fn f() { Command::new("sh").arg("-c").arg(format!("tar xf {}", name)); }',
      'fn f() { Command::new("bash").arg("-c").arg(&format!("ls {dir}")).output(); }',
    ],
    passes: [
      'fn f() { Command::new("tar").arg("xf").arg(format!("{}.tar", name)); }',
      'fn f() { Command::new("sh").arg("-c").arg("sync"); }',
    ],
  },
  {
    rule: "rust/lock-dropped",
    language: "rust",
    finds: [
      "fn f() { let _ = self.state.lock().unwrap(); g(); }",
      "async fn f() { let _ = LOCK.write().await.unwrap(); }",
    ],
    passes: [
      "fn f() { let _guard = self.state.lock().unwrap(); g(); }",
      "fn f() { let _ = file.read(&mut buffer); }",
      "fn f() { let _ = sender.send(1); }",
    ],
  },
  {
    rule: "rust/uninitialised",
    language: "rust",
    finds: [
      "fn f() { let x: u8 = unsafe { MaybeUninit::uninit().assume_init() }; }",
      "fn f() { let x: [u8; 4] = unsafe { std::mem::uninitialized() }; }",
    ],
    passes: [
      "fn f() { let mut x = MaybeUninit::uninit(); x.write(1); }",
      "fn f() { let x = unsafe { value.assume_init() }; }",
    ],
  },
  {
    rule: "ruby/code-injection",
    language: "ruby",
    finds: ["eval(params[:code])\n", "object.send(params[:action], 1)\n", "params[:type].constantize.new\n"],
    passes: [
      "object.send(:save)\n",
      "object.public_send(ACTIONS.fetch(params[:action]))\n",
      "name.constantize\n",
    ],
  },
  {
    rule: "ruby/unsafe-load",
    language: "ruby",
    finds: ["YAML.load(params[:config])\n", "job = Marshal.load(Base64.decode64(cookies[:job]))\n"],
    passes: ["YAML.safe_load(params[:config])\n", "YAML.load(File.read('config.yml'))\n"],
  },
  {
    rule: "ruby/open-redirect",
    language: "ruby",
    finds: ["redirect_to params[:return_to]\n", "redirect_to(params.fetch(:next), allow_other_host: true)\n"],
    passes: ["redirect_to root_path\n", "redirect_to order_path(params[:id])\n"],
  },
  {
    rule: "ruby/html-injection",
    language: "ruby",
    finds: ["params[:name].html_safe\n", "raw(params[:comment])\n"],
    passes: ["'<b>'.html_safe\n", "sanitize(params[:comment])\n"],
  },
  {
    rule: "ruby/mass-assignment",
    language: "ruby",
    finds: ["User.create(params[:user].permit!)\n", "attributes = params.permit!\n"],
    passes: ["User.create(params.require(:user).permit(:name))\n", "policy.permit!\n"],
  },
  {
    rule: "php/file-inclusion",
    language: "php",
    finds: ["<?php include $_GET['page'];", "<?php require_once 'pages/' . $_GET['page'] . '.php';"],
    passes: ["<?php include 'header.php';", "<?php include $pages[$name];"],
  },
  {
    rule: "php/tls-unverified",
    language: "php",
    finds: [
      "<?php curl_setopt($ch, CURLOPT_SSL_VERIFYPEER, false);",
      "<?php curl_setopt($ch, CURLOPT_SSL_VERIFYHOST, 0);",
    ],
    passes: [
      "<?php curl_setopt($ch, CURLOPT_SSL_VERIFYPEER, true);",
      "<?php curl_setopt($ch, CURLOPT_TIMEOUT, 0);",
    ],
  },
  {
    rule: "php/weak-password-hash",
    language: "php",
    finds: ["<?php $hash = md5($password);", "<?php $hash = sha1($_POST['password']);"],
    passes: ["<?php $hash = password_hash($password, PASSWORD_DEFAULT);", "<?php $key = md5($path);"],
  },
];
