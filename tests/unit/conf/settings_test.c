#include "conf/settings.h"

#include "conf_fixture.h"
#include "dvc_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Settings of a file that holds `text`; its errors when they are asked for. */
static int read_text(struct arena *arena, const char *text, const char *data,
                     struct conf_errors *errors, struct settings *ret)
{
    char path[] = "/tmp/dvc-settings-XXXXXX";
    int fd = mkstemp(path), r;

    cr_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    r = settings_load(arena, path, "dvcd.yaml", data, errors, ret);
    unlink(path);
    return r;
}

DVC_TEST(conf_settings, what_is_not_written_has_its_default)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct settings settings;
    int r = read_text(arena, "http: {max_requests: 99}\n", NULL, &errors, &settings);

    fixture_no_errors(&errors);
    cr_assert(r == 0);
    DVC_EQ_INT(settings.http.max_requests, 99);
    DVC_EQ_INT(settings.http.max_body_bytes, 1 << 20);
    DVC_EQ_INT(settings.http.listen.count, 1);
    DVC_EQ_STR(settings.http.listen.items[0], "127.0.0.1:8080");
    cr_assert(settings.database.url == NULL);
    cr_assert(!settings.intake.citizen_filing);
    cr_assert(limit_eq(settings.intake.limit, (struct limit){LIMIT_WORKING_HOURS, 8}));
    DVC_EQ_INT(settings.database.mode, DATABASE_EMBEDDED);
    DVC_EQ_INT(settings.log.level, LOG_LEVEL_INFO);
    arena_free(arena);
}

DVC_TEST(conf_settings, paths_start_from_the_file_and_from_the_data)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct settings settings;

    cr_assert(read_text(arena, "paths: {agencies: ../x/agencies, data: d}\n", NULL, &errors,
                        &settings) == 0);
    DVC_EQ_STR(settings.paths.data, "/tmp/d");
    DVC_EQ_STR(settings.paths.calendars, "/tmp/calendars");
    DVC_EQ_STR(settings.database.dir, "/tmp/d/database");
    cr_assert(read_text(arena, "paths: {data: /srv/dvcd}\ndatabase: {dir: /pg}\n", "/elsewhere",
                        &errors, &settings) == 0);
    DVC_EQ_STR(settings.paths.data, "/elsewhere");
    DVC_EQ_STR(settings.database.dir, "/pg");
    arena_free(arena);
}

DVC_TEST(conf_settings, addresses_are_numbers)
{
    cr_assert(settings_listen_ok(SLICE_LIT("127.0.0.1:8080")));
    cr_assert(settings_listen_ok(SLICE_LIT("0.0.0.0:0")));
    cr_assert(settings_listen_ok(SLICE_LIT("[::1]:8080")));
    cr_assert(settings_listen_ok(SLICE_LIT("unix:/run/dvcd/http.sock")));
    cr_assert(!settings_listen_ok(SLICE_LIT("localhost:8080")));
    cr_assert(!settings_listen_ok(SLICE_LIT("::1:8080")));
    cr_assert(!settings_listen_ok(SLICE_LIT("127.0.0.1")));
    cr_assert(!settings_listen_ok(SLICE_LIT("127.0.0.1:65536")));
    cr_assert(!settings_listen_ok(SLICE_LIT("127.0.0.0/8:80")));
    cr_assert(!settings_listen_ok(SLICE_LIT("[")));
    cr_assert(!settings_listen_ok(SLICE_LIT("")));
    cr_assert(settings_network_ok(SLICE_LIT("10.0.0.0/8")));
    cr_assert(settings_network_ok(SLICE_LIT("fd00::/64")));
    cr_assert(!settings_network_ok(SLICE_LIT("10.0.0.0/33")));
    cr_assert(!settings_network_ok(SLICE_LIT("10.0.0.0/")));
    cr_assert(!settings_network_ok(SLICE_LIT("proxy")));
}

DVC_TEST(conf_settings, a_reload_says_what_needs_a_restart)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct settings old, new;
    const char *keys[2];

    cr_assert(read_text(arena, "log: {level: warn}\n", "/d", &errors, &old) == 0);
    cr_assert(read_text(arena, "log: {level: debug}\nhttp: {max_requests: 10}\n", "/d", &errors,
                        &new) == 0);
    DVC_EQ_INT(settings_restart_keys(&old, &new, keys, 2), 0);
    cr_assert(read_text(arena,
                        "http: {listen: [\"127.0.0.1:1\"]}\nworkers: {gateways: 3, couriers: 2}\n",
                        "/d", &errors, &new) == 0);
    DVC_EQ_INT(settings_restart_keys(&old, &new, keys, 2), 3);
    DVC_EQ_STR(keys[0], "http.listen");
    DVC_EQ_STR(keys[1], "workers.gateways");
    arena_free(arena);
}

DVC_TEST(conf_settings, a_reload_keeps_what_needs_a_restart)
{
    struct arena *arena = arena_new(), *gone = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct settings old, new;
    const char *keys[2];

    cr_assert(read_text(gone, "http: {listen: [\"127.0.0.1:7\", \"[::1]:7\"], max_requests: 9}\n",
                        "/d", &errors, &old) == 0);
    cr_assert(read_text(arena,
                        "http: {max_requests: 10}\ndatabase: {mode: external, url: x}\n"
                        "workers: {gateways: 3}\nlookup: {pin_digits: 6}\n",
                        "/e", &errors, &new) == 0);
    settings_keep(arena, &old, &new);
    DVC_EQ_INT(settings_restart_keys(&old, &new, keys, 2), 0);
    arena_free(gone); /* the old generation goes when the last worker of it has gone */
    DVC_EQ_INT(new.http.listen.count, 2);
    DVC_EQ_STR(new.http.listen.items[1], "[::1]:7");
    DVC_EQ_STR(new.paths.data, "/d");
    DVC_EQ_STR(new.database.dir, "/d/database");
    cr_assert(new.database.mode == DATABASE_EMBEDDED && new.database.url == NULL);
    DVC_EQ_INT(new.workers.gateways, 0);
    DVC_EQ_INT(new.lookup.pin_digits, 8);
    DVC_EQ_INT(new.http.max_requests, 10);
    arena_free(arena);
}

/* config/dvcd.yaml is what the table says, and can be read back to the defaults. */
DVC_TEST(conf_settings, the_reference_file_is_the_table)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    const char *path = fixture_path(arena, "config/dvcd.yaml");
    struct buf reference = BUF_INIT(1 << 20);
    struct settings whole, none;
    struct slice text;
    const char *keys[1];

    settings_reference(&reference);
    if (getenv("DVC_UPDATE_GOLDENS") != NULL) {
        FILE *file = fopen(path, "w");

        cr_assert(file != NULL && fwrite(reference.ptr, 1, reference.len, file) == reference.len);
        fclose(file);
    }
    cr_assert(conf_file_read(arena, path, path, 1 << 20, &errors, &text) == 0);
    cr_assert(slice_eq(text, buf_slice(&reference)),
              "config/dvcd.yaml is out of date: run the test with DVC_UPDATE_GOLDENS=1");
    cr_assert(read_text(arena, reference.ptr, "/d", &errors, &whole) == 0);
    cr_assert(read_text(arena, "http: {}\n", "/d", &errors, &none) == 0);
    DVC_EQ_INT(settings_restart_keys(&whole, &none, keys, 1), 0);
    DVC_EQ_INT(whole.http.max_connections, none.http.max_connections);
    fixture_no_errors(&errors);
    buf_release(&reference);
    arena_free(arena);
}
