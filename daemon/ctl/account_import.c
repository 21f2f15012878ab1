#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "ctl/account.h"
#include "ctl/csv.h"
#include "ctl/secret.h"
#include "service/account_fields.h"
#include "service/password_rule.h"

#define FILE_MAX (32u << 20)
#define PROGRESS_EVERY 250
#define ROLES_MAX 50

static const char *const columns[] = {"username", "name",   "kind",  "phone", "email", "id_number",
                                      "role",     "agency", "below", "from",  "to"};

struct person {
    int line;
    struct value *spec;
    struct value *roles;
    int role_lines[ROLES_MAX];
    char password[PASSWORD_MADE_SIZE];
    char hash[PASSWORD_HASH_SIZE];
};

struct import {
    struct account_job *job;
    struct arena *arena;
    struct csv csv;
    const char *file;
    int order[DVC_COUNT(columns)]; /* place of each column in the file, or -1 */
    struct person *people;
    size_t count, cap;
    size_t lines, faults;
};

static void complain(struct import *in, int line, const char *column, const char *message)
{
    in->faults++;
    if (column != NULL)
        fprintf(stderr, "%s:%d: cột %s: %s\n", in->file, line, column, message);
    else
        fprintf(stderr, "%s:%d: %s\n", in->file, line, message);
}

/* "/role/agency" or "/phone": the column that a pointer speaks of. */
static const char *column_of(const char *pointer)
{
    const char *slash = strrchr(pointer, '/');

    return slash != NULL ? slash + 1 : pointer;
}

static void complain_all(struct import *in, int line, const struct form_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        complain(in, line, column_of(faults->items[i].pointer), faults->items[i].message);
}

/* ---- reading ---- */

static int read_head(struct import *in)
{
    struct csv_row row;
    int before = (int)in->faults;
    int r = csv_next(&in->csv, &row);

    if (r != 1) {
        complain(in, 1, NULL, r == 0 ? "tệp không có dòng tiêu đề" : in->csv.fault);
        return CTL_FAILED;
    }
    for (size_t c = 0; c < DVC_COUNT(columns); c++)
        in->order[c] = -1;
    for (size_t f = 0; f < row.count; f++) {
        size_t c = 0;

        while (c < DVC_COUNT(columns) && !slice_is(row.fields[f], columns[c]))
            c++;
        if (c == DVC_COUNT(columns))
            complain(in, row.line, NULL,
                     arena_printf(in->arena, "không có cột \"%.*s\"", (int)row.fields[f].len,
                                  row.fields[f].ptr));
        else if (in->order[c] >= 0)
            complain(in, row.line, columns[c], "có hai lần");
        else
            in->order[c] = (int)f;
    }
    if (in->order[0] < 0)
        complain(in, row.line, NULL, "thiếu cột username");
    if (in->order[1] < 0)
        complain(in, row.line, NULL, "thiếu cột name");
    return (int)in->faults > before ? CTL_FAILED : 0;
}

static struct value *map_of(struct import *in, const struct csv_row *row)
{
    struct value *map = value_new(in->arena, VALUE_MAP);

    for (size_t c = 0; c < DVC_COUNT(columns); c++)
        if (in->order[c] >= 0 && (size_t)in->order[c] < row->count &&
            row->fields[in->order[c]].len > 0)
            value_set(in->arena, map, columns[c],
                      value_string(in->arena, row->fields[in->order[c]]));
    return map;
}

static struct person *find(struct import *in, const char *username)
{
    /* Lines of one person stand together, or the file is small. */
    for (size_t i = in->count; username != NULL && i-- > 0;)
        if (slice_is(value_get_text(in->people[i].spec, "username"), username))
            return &in->people[i];
    return NULL;
}

static bool yes(struct import *in, int line, const struct value *map)
{
    static const char *const words[] = {"1", "x", "có", "true", "yes"};
    static const char *const none[] = {"0", "không", "false", "no"};
    struct slice text = value_get_text(map, "below");

    for (size_t i = 0; i < DVC_COUNT(words); i++)
        if (slice_is(text, words[i]))
            return true;
    for (size_t i = 0; i < DVC_COUNT(none); i++)
        if (slice_is(text, none[i]))
            return false;
    if (text.len > 0)
        complain(in, line, "below", "Viết có hoặc không.");
    return false;
}

static void read_role(struct import *in, int line, const struct value *map, struct person *person,
                      struct fields *fields)
{
    struct value *given = value_new(in->arena, VALUE_MAP);
    size_t count = value_count(person->roles);

    account_put(in->arena, given, "role", value_get_str(map, "role"));
    account_put(in->arena, given, "agency", value_get_str(map, "agency"));
    account_put(in->arena, given, "from", account_moment(in->arena, value_get_str(map, "from")));
    account_put(in->arena, given, "to", account_moment(in->arena, value_get_str(map, "to")));
    value_set(in->arena, given, "below", value_bool(in->arena, yes(in, line, map)));
    if (count == ROLES_MAX) {
        complain(in, line, "role", "Nhiều nhất 50 vai trò.");
        return;
    }
    person->role_lines[count] = line;
    value_append(in->arena, person->roles, account_grant(fields, given, ""));
}

static void read_row(struct import *in, const struct csv_row *row)
{
    struct form_faults faults = {0};
    struct fields fields = {.arena = in->arena, .faults = &faults};
    struct value *map = map_of(in, row);
    struct person *person = find(in, value_get_str(map, "username"));
    bool has_role = value_get(map, "role") != NULL || value_get(map, "agency") != NULL;

    if (person == NULL) {
        in->people = arena_grow(in->arena, in->people, in->count, &in->cap, sizeof(*in->people));
        person = &in->people[in->count++];
        *person = (struct person){.line = row->line,
                                  .spec = account_spec(&fields, map, true),
                                  .roles = value_new(in->arena, VALUE_LIST)};
        value_set(in->arena, person->spec, "roles", person->roles);
    } else if (!has_role) {
        complain(in, row->line, "username",
                 arena_printf(in->arena, "đã có ở dòng %d; dòng thêm phải nêu vai trò khác",
                              person->line));
    } else if (value_get(map, "name") != NULL &&
               !slice_eq(value_get_text(map, "name"), value_get_text(person->spec, "name"))) {
        complain(in, row->line, "name",
                 arena_printf(in->arena, "khác với dòng %d của cùng tài khoản", person->line));
    }
    if (has_role)
        read_role(in, row->line, map, person, &fields);
    complain_all(in, row->line, &faults);
}

static int read_rows(struct import *in)
{
    struct csv_row row;
    int r = read_head(in);

    while (r == 0 && (r = csv_next(&in->csv, &row)) != 0) {
        in->lines++;
        if (r < 0)
            complain(in, row.line, NULL, in->csv.fault);
        else
            read_row(in, &row);
        r = 0;
    }
    return r;
}

static int read_file(struct import *in, struct buf *text)
{
    FILE *file = strcmp(in->file, "-") == 0 ? stdin : fopen(in->file, "re");
    char block[65536];
    size_t got;

    if (file == NULL) {
        ctl_error("%s: %s", in->file, strerror(errno));
        return CTL_FAILED;
    }
    while ((got = fread(block, 1, sizeof(block), file)) > 0)
        buf_add(text, block, got);
    if (file != stdin)
        fclose(file);
    if (!text->overflow && csv_open(&in->csv, in->arena, buf_slice(text)) == 0)
        return 0;
    ctl_error("%s: %s", in->file,
              text->overflow ? "lớn hơn 32 MiB" : "không phải UTF-8 (lưu lại với mã UTF-8)");
    return CTL_FAILED;
}

/* ---- writing ---- */

static int script(struct import *in, const char *sql)
{
    struct db_error error = {0};
    int r = store_sync_script(in->job->sync, sql, NULL, &error);

    if (r != 0)
        ctl_error("%s: %s", sql, error.message);
    return r == 0 ? 0 : CTL_E_DATABASE;
}

static void progress(const struct import *in, const char *what, size_t done)
{
    if (done % PROGRESS_EVERY == 0 || done == in->count)
        fprintf(stderr, "%s %zu/%zu\n", what, done, in->count);
}

/* Every account once, in an open transaction. */
static int put_all(struct import *in)
{
    for (size_t i = 0; i < in->count; i++) {
        struct person *person = &in->people[i];
        struct buf text = BUF_INIT(64u << 10);
        const struct value *outcome;
        const char *fault = NULL;
        int64_t at;
        int r;

        value_write(&text, person->spec, false);
        r = account_write(
            in->job, "account_create",
            (struct db_param[]){db_null(), db_text(buf_slice(&text)),
                                person->hash[0] != '\0' ? db_str(person->hash) : db_null(),
                                db_str("create"), db_null(), db_null()},
            6, &outcome, &fault);
        buf_release(&text);
        if (r != 0 && fault == NULL)
            return r;
        at = fault != NULL ? value_get_int(outcome, "at", -1) : -1;
        if (fault != NULL)
            complain(in, at >= 0 && at < ROLES_MAX ? person->role_lines[at] : person->line, NULL,
                     fault);
    }
    return 0;
}

static int hash_all(struct import *in)
{
    for (size_t i = 0; i < in->count; i++) {
        uint8_t bytes[10];
        int r;

        random_bytes(bytes, sizeof(bytes));
        password_make(bytes, in->people[i].password);
        r = secret_hash(in->job->ctl, slice_str(in->people[i].password), in->people[i].hash);
        if (r != 0)
            return r;
        progress(in, "băm mật khẩu", i + 1);
    }
    return 0;
}

/* Before the accounts are there: a password that nobody has is no use. */
static int keep_passwords(struct import *in)
{
    int fd = open(in->job->passwords_out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool ok;

    if (file == NULL) {
        ctl_error("%s: %s", in->job->passwords_out, strerror(errno));
        return CTL_FAILED;
    }
    fputs("username,password\n", file);
    for (size_t i = 0; i < in->count; i++)
        fprintf(file, "%s,%s\n", value_get_str(in->people[i].spec, "username"),
                in->people[i].password);
    ok = fflush(file) == 0 && fsync(fd) == 0;
    if (fclose(file) == 0 && ok)
        return 0;
    ctl_error("%s: %s", in->job->passwords_out, strerror(errno));
    return CTL_FAILED;
}

/* All of it, or with `rehearse` all of it and back. */
static int transact(struct import *in, bool rehearse)
{
    int r = script(in, "BEGIN");

    if (r == 0)
        r = put_all(in);
    if (r == 0)
        r = script(in, rehearse || in->faults > 0 ? "ROLLBACK" : "COMMIT");
    return r;
}

static int run(struct import *in)
{
    int r = read_rows(in);

    if (r == 0 && in->faults == 0)
        r = transact(in, true);
    if (r != 0 || in->faults > 0) {
        ctl_error("%zu lỗi, không tài khoản nào được mở", in->faults);
        return r > 1 ? r : CTL_FAILED;
    }
    if (in->job->dry_run) {
        printf("%zu dòng, %zu tài khoản sẽ được mở\n", in->lines, in->count);
        return 0;
    }
    if (!in->job->no_passwords)
        r = hash_all(in);
    if (r == 0 && !in->job->no_passwords)
        r = keep_passwords(in);
    if (r == 0)
        r = transact(in, false);
    if ((r != 0 || in->faults > 0) && !in->job->no_passwords)
        (void)unlink(in->job->passwords_out);
    if (r != 0 || in->faults > 0)
        return r > 1 ? r : CTL_FAILED;
    printf("%zu dòng, đã mở %zu tài khoản\n", in->lines, in->count);
    return 0;
}

int account_import(struct account_job *job)
{
    struct import in = {.job = job, .arena = job->arena, .file = job->words[0]};
    struct buf text = BUF_INIT(FILE_MAX);
    int r;

    if (!job->dry_run && (job->passwords_out == NULL) != job->no_passwords)
        return ctl_misuse("import wants --passwords-out FILE, --no-passwords or --dry-run");
    if (job->passwords_out != NULL && !job->dry_run && access(job->passwords_out, F_OK) == 0)
        return ctl_misuse("%s is there already", job->passwords_out);
    r = read_file(&in, &text);
    if (r == 0)
        r = run(&in);
    for (size_t i = 0; i < in.count; i++)
        explicit_bzero(in.people[i].password, sizeof(in.people[i].password));
    buf_release(&text);
    return r;
}
