import type { RuleCase } from "../rule-case.ts";

export const errorCases: readonly RuleCase[] = [
  {
    rule: "script/swallowed-error",
    language: "typescript",
    finds: [
      "try {\n  await charge(order);\n} catch (error) {\n}",
      "try {\n  await a();\n  await b();\n} catch {}",
    ],
    passes: [
      "try {\n  await charge(order);\n} catch (error) {\n  // the nightly job charges it again\n}",
      "try {\n  socket.close();\n} catch (error) {}",
      "try { value = JSON.parse(text); } catch {}",
      "try {\n  await charge(order);\n} catch (error) {\n  report(error);\n}",
    ],
  },
  {
    rule: "script/error-not-thrown",
    language: "typescript",
    finds: ["if (!user) {\n  new Error('no user');\n}", "new HttpError(404);"],
    passes: ["throw new Error('no user');", "const error = new Error('no user');", "new Observer(target);"],
  },
  {
    rule: "python/swallowed-error",
    language: "python",
    finds: [
      "try:\n    charge(order)\nexcept Exception:\n    pass\n",
      "for row in rows:\n    try:\n        load(row)\n    except:\n        continue\n",
    ],
    passes: [
      "try:\n    charge(order)\nexcept KeyError:\n    pass\n",
      "try:\n    charge(order)\nexcept Exception:\n    # charged again at night\n    pass\n",
      "try:\n    socket.close()\nexcept Exception:\n    pass\n",
      "try:\n    charge(order)\nexcept Exception:\n    log.exception('charge')\n",
    ],
  },
  {
    rule: "python/error-not-raised",
    language: "python",
    finds: [
      "if full:\n    shop.OutOfStockError('none left')\n",
      "def f(x):\n    if x < 0:\n        ValueError('negative')\n",
    ],
    passes: [
      "def f(x):\n    raise ValueError('negative')\n",
      "error = ValueError('negative')\n",
      "ErrorLog('x')\n",
    ],
  },
  {
    rule: "java/swallowed-error",
    language: "java",
    finds: [
      "class A { void f() { try { charge(); } catch (IOException | SQLException e) {\n} } }",
      "class A { void f() { try { charge(); } catch (Exception e) { } } }",
    ],
    passes: [
      "class A { void f() { try { charge(); } catch (Exception e) { /* again at night */ } } }",
      "class A { void f() { try { charge(); } catch (Exception ignored) { } } }",
    ],
  },
  {
    rule: "ruby/swallowed-error",
    language: "ruby",
    finds: ["begin\n  charge\nrescue => e\nend\n", "begin\n  charge\nrescue StandardError\n  nil\nend\n"],
    passes: ["begin\n  charge\nrescue KeyError\nend\n", "begin\n  charge\nrescue => e\n  log(e)\nend\n"],
  },
];
