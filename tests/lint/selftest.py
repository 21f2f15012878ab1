#!/usr/bin/env python3
"""Each lint finds a planted offence, and is silent about the same thing done right."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import banned
import csource
import generated
import layers
import plugin_rules
import purity
import settings
import size
import sql
import toplevel
from rules import read_rules

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
import tally  # the count that closes tests/run


def table(name):
    return os.path.join(HERE, name)


class Planted(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)

    def plant(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)

    def places(self, offences):
        return [(path, line) for path, line, _ in offences]


class Layers(Planted):
    def found(self):
        return self.places(layers.check(self.root, layers.Table(table("layers.conf"))))

    def test_good(self):
        self.plant("daemon/core/due.h", "#include \"base/wall.h\"\n")
        self.plant("daemon/core/due.c", '#include "core/due.h"\n#include <string.h>\n')
        self.plant("daemon/store/pgconn.c", "#include <libpq-fe.h>\n#include <sys/socket.h>\n")
        self.plant("tests/unit/core/test_due.c", '#include "core/due.h"\n#include "dvc_test.h"\n')
        self.assertEqual(self.found(), [])

    def test_upwards(self):
        self.plant("daemon/core/due.c", '#include <string.h>\n#include "store/change.h"\n')
        self.assertEqual(self.found(), [("daemon/core/due.c", 2)])

    def test_impure_part_of_base_in_core(self):
        self.plant("daemon/core/due.c", '#include "base/clock.h"\n')
        self.plant("daemon/core/due2.c", "#include <time.h>\n")
        self.assertEqual(self.found(), [("daemon/core/due.c", 1), ("daemon/core/due2.c", 1)])

    def test_library_in_the_wrong_file(self):
        self.plant("daemon/store/batch.c", "\n#include <libpq-fe.h>\n")
        self.plant("daemon/base/num.c", "#include <jansson.h>\n")
        self.assertEqual(self.found(), [("daemon/base/num.c", 1), ("daemon/store/batch.c", 2)])

    def test_own_header_comes_first(self):
        self.plant("daemon/core/due.h", "")
        self.plant("daemon/core/due.c", '#include <string.h>\n#include "core/due.h"\n')
        self.assertEqual(self.found(), [("daemon/core/due.c", 1)])

    def test_other_include_root_and_unknown_floor(self):
        self.plant("daemon/core/due.c", '#include "due.h"\n')
        self.plant("daemon/misc/x.c", "")
        self.assertEqual(self.found(), [("daemon/core/due.c", 1), ("daemon/misc/x.c", 1)])

    def test_unit_test_looks_up(self):
        self.plant("tests/unit/core/test_due.c", '#include "service/intake.h"\n')
        self.assertEqual(self.found(), [("tests/unit/core/test_due.c", 1)])


class Size(Planted):
    def found(self, conf=()):
        offences, warnings = size.check(self.root, conf)
        return self.places(offences), self.places(warnings)

    def test_files(self):
        self.plant("daemon/core/a.c", "\n" * 500)
        self.plant("daemon/core/b.c", "\n" * 501)
        self.plant("daemon/core/c.c", "\n" * 801)
        offences, warnings = self.found()
        self.assertEqual(offences, [("daemon/core/c.c", 1)])
        self.assertEqual(warnings, [("daemon/core/b.c", 1)])

    def test_functions(self):
        for name, lines in (("a", 60), ("b", 61), ("c", 101)):
            body = "    x();\n" * lines
            self.plant("daemon/core/%s.c" % name, "int %s(\n    int x)\n{\n%s}\n" % (name, body))
        offences, warnings = self.found()
        self.assertEqual(offences, [("daemon/core/c.c", 3)])
        self.assertEqual(warnings, [("daemon/core/b.c", 3)])

    def test_exceptions_are_by_name(self):
        self.plant("daemon/core/c.c", "int c(void)\n{\n%s}\n" % ("    x();\n" * 150))
        self.assertEqual(self.found([("function", "daemon/core/c.c c", ["150"], 1)])[0], [])
        self.assertNotEqual(self.found([("function", "daemon/core/c.c d", ["150"], 1)])[0], [])


class Banned(Planted):
    def found(self):
        return self.places(banned.check(self.root, read_rules(table("banned.conf"))))

    def test_calls(self):
        self.plant("daemon/http/a.c", 'int a(void)\n{\n    return atoi ("1");\n}\n')
        self.plant("daemon/http/b.c", "char *b = /* x */ malloc(3);\n")
        self.plant("daemon/http/c.c", "PGresult *r = PQexec(c, q);\n")
        self.assertEqual(
            self.found(), [("daemon/http/a.c", 3), ("daemon/http/b.c", 1), ("daemon/http/c.c", 1)]
        )

    def test_silent(self):
        self.plant("daemon/http/a.c", '/* atoi(x) */ char *s = "atoi(x)"; dvc_malloc(1); o->rand(2);\n')
        self.plant("daemon/base/check.c", "void *p = malloc(3);\n")
        self.plant("daemon/store/migrate.c", "PGresult *r = PQexec(c, q);\n")
        self.assertEqual(self.found(), [])

    def test_unfinished_work(self):
        self.plant("daemon/http/a.c", "/* first\n * TODO: more */\nchar *s = \"TODO\";\n")
        self.assertEqual(self.found(), [("daemon/http/a.c", 2)])


class Sql(Planted):
    def found(self):
        return self.places(sql.check(self.root))

    def test_statements(self):
        self.plant("daemon/store/a.c", 'x = "SELECT 1";\n')
        self.plant("daemon/store/b.c", '\nx = "INSERT "\n    "INTO t";\n')
        self.plant("daemon/store/c.c", 'x = "update t set a = 1";\n')
        self.plant("daemon/store/d.c", 'x = "DELETE\\n FROM t";\n')
        self.assertEqual(
            self.found(),
            [(path, line) for path, line in (
                ("daemon/store/a.c", 1), ("daemon/store/b.c", 2),
                ("daemon/store/c.c", 1), ("daemon/store/d.c", 1))],
        )

    def test_silent(self):
        self.plant("daemon/store/a.c", '/* SELECT 1 */ x = "select a role from the list";\n')
        self.plant("daemon/store/b.c", 'x = "the update failed";\n')
        self.assertEqual(self.found(), [])


class TopLevel(Planted):
    def test_stray_file(self):
        self.plant("daemon/x.c", "")
        self.plant(".ci/run", "")
        self.plant("build-asan/x", "")
        self.assertEqual(toplevel.check(self.root), [])
        self.plant("notes.txt", "")
        self.assertEqual(self.places(toplevel.check(self.root)), [("notes.txt", 1)])


class Purity(Planted):
    """With a real archive: what counts is what the compiler and nm say."""

    def library(self, name, text):
        self.plant(name + ".c", text)
        at = os.path.join(self.root, name)
        subprocess.run(["cc", "-O1", "-c", at + ".c", "-o", at + ".o"], check=True)
        subprocess.run(["ar", "crs", at + ".a", at + ".o"], check=True)
        return at + ".a"

    def found(self, core, base="void dvc_help(void);\nvoid dvc_help(void) {}\n"):
        libraries = [("core", self.library("core", core)), ("base_pure", self.library("base", base))]
        rules = read_rules(table("purity.conf"))
        return [what for _, what in purity.check("nm", "objdump", libraries, rules)]

    def test_pure(self):
        code = "#include <string.h>\nvoid dvc_help(void);\nstatic const char *const t[] = {\"a\"};\n"
        code += "int f(const char *s, int i) { dvc_help(); return strcmp(t[i], s); }\n"
        self.assertEqual(self.found(code), [])

    def test_reads_the_time(self):
        what = self.found("#include <time.h>\nlong f(void) { return time(0); }\n")
        self.assertEqual(what, ["core may not use 'time'"])

    def test_calls_upwards(self):
        self.assertEqual(len(self.found("void store_save(void);\nvoid f(void) { store_save(); }\n")), 1)

    def test_memory_only_through_base(self):
        self.assertEqual(len(self.found("#include <stdlib.h>\nvoid *f(void) { return malloc(3); }\n")), 1)

    def test_changing_data(self):
        self.assertEqual(len(self.found("static int n;\nint f(void) { return ++n; }\n")), 1)
        self.assertEqual(len(self.found("int n = 3;\n")), 1)

    def test_base_may_not_use_a_clock(self):
        base = "#include <time.h>\nlong dvc_help(void);\nlong dvc_help(void) { return time(0); }\n"
        self.assertEqual(len(self.found("int f(void) { return 1; }\n", base)), 1)


class Settings(Planted):
    ROWS = ('const struct settings_row settings_rows[] = {\n'
            '    NUMBER(http, max_requests, 8, 20000, "1024", true,\n           "x"),\n'
            '    ROW(http, listen, SCHEMA_TEXTS, NULL, false, "y"),\n'
            '    PATH(paths, plugins, SETTINGS_CONF_PATH, "p", true, "z"),\n};\n')

    def found(self):
        return self.places(settings.check(self.root))

    def test_all_are_read(self):
        self.plant(settings.TABLE, self.ROWS)
        self.plant("daemon/conf/generation.c", "load(settings.paths.plugins);\n")
        self.plant("daemon/app/gateway.c", "int a = g->settings.http.max_requests;\n"
                   "open_all(&settings->http\n             .listen);\n")
        self.assertEqual(self.found(), [])

    def test_nobody_reads(self):
        self.plant(settings.TABLE, self.ROWS)
        self.plant("daemon/conf/settings.c", "check(settings->http.max_requests);\n")
        self.plant("daemon/app/gateway.c", "/* settings->http.max_requests */ f(\"s.http.listen\");\n"
                   "g(other.paths.plugins_dir);\n")
        self.assertEqual(self.found(), [(settings.TABLE, 2), (settings.TABLE, 4), (settings.TABLE, 5)])


class Generated(Planted):
    PROGRAM = "import sys\nopen(sys.argv[1], 'w').write('a\\nb\\n')\n"

    def found(self):
        return self.places(generated.check(self.root, {"x/list.yaml": "x/make"}))

    def test_fresh(self):
        self.plant("x/make", self.PROGRAM)
        self.plant("x/list.yaml", "a\nb\n")
        self.assertEqual(self.found(), [])

    def test_edited_by_hand(self):
        self.plant("x/make", self.PROGRAM)
        self.plant("x/list.yaml", "a\nc\n")
        self.assertEqual(self.found(), [("x/list.yaml", 2)])
        self.plant("x/list.yaml", "a\n")
        self.assertEqual(self.found(), [("x/list.yaml", 2)])


class PluginRules(Planted):
    def setUp(self):
        super().setUp()
        self.plant("daemon/conf/a.c", '"thiếu khoá [K021]"\n')
        self.plant("daemon/conf/rule.h", "enum {\n    RULE_PATH = 108,\n};\n")
        self.plant("plugins/README.md", "| K021 | keys |\n| K108 | paths |\n")
        for rule in (21, 108):
            self.plant("tests/unit/conf/bad/plugin-%03d-x.yaml" % rule, "")
            self.plant("tests/unit/conf/bad/plugin-%03d-x.ok" % rule, "x.yaml:1:2: thiếu khoá [K%03d]\n" % rule)

    def found(self):
        return self.places(plugin_rules.check(self.root))

    def test_same_everywhere(self):
        self.assertEqual(self.found(), [])

    def test_not_explained(self):
        self.plant("plugins/README.md", "| K021 | keys |\n")
        self.assertEqual(self.found(), [("daemon/conf/rule.h", 2)])

    def test_told_of_nowhere(self):
        self.plant("daemon/conf/a.c", "\n")
        self.assertEqual(self.found(), [("plugins/README.md", 1)])

    def test_never_broken(self):
        os.remove(os.path.join(self.root, "tests/unit/conf/bad/plugin-021-x.ok"))
        self.assertEqual(
            self.found(), [("tests/unit/conf/bad/plugin-021-x.yaml", 1), ("daemon/conf/a.c", 1)]
        )

    def test_breaks_another_too(self):
        path = "tests/unit/conf/bad/plugin-021-x.ok"
        self.plant(path, "x.yaml:1:2: thiếu khoá [K021]\nx.yaml:3:4: có hai lần [K108]\n")
        self.assertEqual(self.found(), [(path, 2)])

    def test_not_vietnamese(self):
        path = "tests/unit/conf/bad/plugin-021-x.ok"
        self.plant(path, "x.yaml:1:2: a key is missing [K021]\n")
        self.assertEqual(self.found(), [(path, 1)])


class Tally(unittest.TestCase):
    def counts(self, result, stdout=None):
        return tally.count({"result": result, "stdout": stdout})

    def test_whole_tests(self):
        self.assertEqual(self.counts("OK"), (1, 0, 0))
        self.assertEqual(self.counts("FAIL", "some text"), (0, 1, 0))
        self.assertEqual(self.counts("TIMEOUT"), (0, 1, 0))
        self.assertEqual(self.counts("SKIP"), (0, 0, 1))

    def test_points(self):
        text = "1..4\nok - a\nnot ok - b\n  ---\nok - c # SKIP no server\nok - d\n"
        self.assertEqual(self.counts("ERROR", text), (2, 1, 1))

    def test_died_in_the_middle(self):
        self.assertEqual(self.counts("ERROR", "TAP version 13\n1..5\nok 1\nok 2\n"), (2, 3, 0))

    def test_bad_end_after_good_points(self):
        self.assertEqual(self.counts("ERROR", "1..1\nok 1\n"), (1, 1, 0))

    def test_must_fail(self):
        self.assertEqual(self.counts("EXPECTEDFAIL", "1..1\nnot ok 1\n"), (1, 0, 0))
        self.assertEqual(self.counts("UNEXPECTEDPASS", "1..1\nok 1\n"), (1, 1, 0))


class CSource(unittest.TestCase):
    def test_strings_join(self):
        text = 'f("a" /* b */ "c", "d\\"e" PRId64 "f"); // "g"\nh(\'"\', "i");'
        self.assertEqual(csource.strings(text), [(1, "ac"), (1, 'd\\"ef'), (2, "i")])

    def test_functions(self):
        text = "struct x {\n    int a;\n};\nstatic int\nfoo(int a,\n    int b)\n{\n    a();\n}\n"
        self.assertEqual(csource.functions(text), [csource.Function(7, "foo", 1)])


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
