#include "ctl/account.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "ctl/commands.h"
#include "ctl/secret.h"
#include "service/account_call.h"
#include "service/account_fields.h"

#define LIST_MAX 100000

int account_write(struct account_job *job, const char *statement, const struct db_param *params,
                  size_t count, const struct value **ret, const char **ret_fault)
{
    struct db_rows *rows = NULL;
    struct json_error error;
    struct value *outcome = NULL;
    struct slice json;
    int r = ctl_query(job->ctl, job->sync, statement, params, count, &rows);

    if (r != 0)
        return r;
    json = arena_slice(job->arena, db_json(rows));
    db_rows_free(rows);
    if (json_parse(job->arena, json, 8, &outcome, &error) != 0)
        return CTL_FAILED;
    *ret = outcome;
    if (value_get(outcome, "fault") == NULL)
        return 0;
    *ret_fault = account_fault_text(value_get_text(outcome, "fault"));
    return CTL_FAILED;
}

/* As account_write, and the fault is printed. */
static int act(struct account_job *job, const char *statement, const struct db_param *params,
               size_t count, const struct value **ret)
{
    const char *fault = NULL;
    int r = account_write(job, statement, params, count, ret, &fault);

    if (fault != NULL)
        ctl_error("%s: %s", job->words[0], fault);
    return r;
}

const char *account_moment(struct arena *arena, const char *text)
{
    struct buf buf = BUF_INIT(64);
    const char *moment = text;
    day_t day;

    if (text != NULL && day_parse(slice_str(text), &day) == 0) {
        buf_add_wall(&buf, day_at(day, 0));
        moment = arena_str(arena, buf.ptr);
    }
    buf_release(&buf);
    return moment;
}

struct value *account_spec(struct fields *fields, const struct value *map, bool must_change)
{
    struct arena *arena = fields->arena;
    struct value *spec = value_new(arena, VALUE_MAP);
    const char *kind = value_get_str(map, "kind");

    if (kind == NULL || *kind == '\0')
        kind = "staff";
    if (strcmp(kind, "staff") != 0 && strcmp(kind, "citizen") != 0 && strcmp(kind, "portal") != 0)
        fields_fault(fields, "/kind", "option", "Một trong: staff, citizen, portal.");
    account_put(arena, spec, "username", account_username(fields, map, "username"));
    account_put(arena, spec, "name", account_name(fields, map));
    account_put(arena, spec, "kind", kind);
    account_put(arena, spec, "phone", account_phone(fields, map, false));
    account_put(arena, spec, "email", account_email(fields, map));
    account_put(arena, spec, "id_number", account_id_number(fields, map));
    value_set(arena, spec, "must_change", value_bool(arena, must_change));
    return spec;
}

static bool print_faults(const struct form_faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        ctl_error("%s: %s", faults->items[i].pointer + 1, faults->items[i].message);
    return faults->count > 0;
}

/* ---- add ---- */

static int root_agency(struct account_job *job, const char **ret)
{
    struct db_rows *rows = NULL;
    int r = ctl_query(job->ctl, job->sync, "agency_roots", NULL, 0, &rows);

    if (r != 0)
        return r;
    if (db_rows_count(rows) == 1) {
        *ret = arena_slice_str(job->arena, db_text_at(rows, 0, 0));
    } else {
        ctl_error("%zu agencies have none above them: say --agency CODE", db_rows_count(rows));
        r = CTL_E_USAGE;
    }
    db_rows_free(rows);
    return r;
}

static void add_role(struct account_job *job, struct value *roles, struct fields *fields,
                     struct slice role, struct slice agency, bool below)
{
    struct value *map = value_new(job->arena, VALUE_MAP);

    value_set(job->arena, map, "role", value_string(job->arena, role));
    value_set(job->arena, map, "agency", value_string(job->arena, agency));
    value_set(job->arena, map, "below", value_bool(job->arena, below));
    account_put(job->arena, map, "from", account_moment(job->arena, job->from));
    account_put(job->arena, map, "to", account_moment(job->arena, job->to));
    value_append(job->arena, roles, account_grant(fields, map, "/role"));
}

static int read_roles(struct account_job *job, struct value *roles, struct fields *fields)
{
    const char *agency = job->agency;
    struct slice rest, role;
    int r = 0;

    if (job->admin && agency == NULL)
        r = root_agency(job, &agency);
    if (r == 0 && job->admin)
        add_role(job, roles, fields, SLICE_LIT("admin"), slice_str(agency), true);
    for (size_t i = 0; r == 0 && i < job->role_count; i++) {
        rest = slice_str(job->roles[i]);
        if (!slice_next(&rest, '@', &role) || rest.ptr == NULL)
            return ctl_misuse("--role takes ROLE@AGENCY");
        add_role(job, roles, fields, role, rest, job->below);
    }
    return r;
}

static int add(struct account_job *job)
{
    struct form_faults faults = {0};
    struct fields fields = {.arena = job->arena, .faults = &faults};
    struct value *spec, *roles = value_new(job->arena, VALUE_LIST);
    char hash[PASSWORD_HASH_SIZE];
    struct buf text = BUF_INIT(64u << 10);
    const struct value *outcome;
    struct slice password;
    int r;

    account_put(job->arena, job->person, "username", job->words[0]);
    if (job->admin && value_get(job->person, "name") == NULL)
        account_put(job->arena, job->person, "name", "Quản trị hệ thống");
    spec = account_spec(&fields, job->person, !job->keep_password && !job->admin);
    r = read_roles(job, roles, &fields);
    if (r != 0)
        return r;
    if (print_faults(&faults))
        return CTL_FAILED;
    value_set(job->arena, spec, "roles", roles);
    r = secret_read(job->arena, job->password_file, job->words[0], &password);
    if (r == 0)
        r = secret_hash(job->ctl, password, hash);
    value_write(&text, spec, false);
    if (r == 0)
        r = act(job, "account_create",
                (struct db_param[]){db_null(), db_text(buf_slice(&text)), db_str(hash),
                                    db_str("create"), db_null(), db_null()},
                6, &outcome);
    if (r == 0)
        printf("%s: đã mở tài khoản\n", job->words[0]);
    buf_release(&text);
    return r;
}

/* ---- one account ---- */

static int passwd(struct account_job *job)
{
    char hash[PASSWORD_HASH_SIZE];
    const struct value *outcome;
    struct slice password;
    int r = secret_read(job->arena, job->password_file, job->words[0], &password);

    if (r == 0)
        r = secret_hash(job->ctl, password, hash);
    if (r == 0)
        r = act(job, "password_reset",
                (struct db_param[]){db_null(), db_str(job->words[0]), db_str(hash),
                                    db_bool(!job->keep_password), db_bool(job->totp_off), db_null(),
                                    db_null()},
                7, &outcome);
    if (r == 0)
        printf("%s: đã đặt mật khẩu, các phiên đăng nhập đã kết thúc\n", job->words[0]);
    return r;
}

static int disable(struct account_job *job)
{
    const struct value *outcome;
    int r;

    if (job->reason == NULL)
        return ctl_misuse("disable wants --reason TEXT");
    r = act(job, "account_disable",
            (struct db_param[]){db_null(), db_str(job->words[0]), db_str(job->reason), db_null(),
                                db_null()},
            5, &outcome);
    if (r == 0)
        printf("%s: đã khoá, các phiên đăng nhập đã kết thúc\n", job->words[0]);
    return r;
}

static int enable(struct account_job *job)
{
    const struct value *outcome;
    int r = act(job, "account_enable",
                (struct db_param[]){db_null(), db_str(job->words[0]), db_null(), db_null()}, 4,
                &outcome);

    if (r == 0)
        printf("%s: đã mở lại\n", job->words[0]);
    return r;
}

static int grant(struct account_job *job)
{
    struct form_faults faults = {0};
    struct fields fields = {.arena = job->arena, .faults = &faults};
    struct value *roles = value_new(job->arena, VALUE_LIST);
    struct buf text = BUF_INIT(4096);
    const struct value *outcome;
    int r;

    add_role(job, roles, &fields, slice_str(job->words[1]), slice_str(job->words[2]), job->below);
    if (print_faults(&faults))
        return CTL_FAILED;
    value_write(&text, value_at(roles, 0), false);
    r = act(job, "grant_give",
            (struct db_param[]){db_null(), db_str(job->words[0]), db_text(buf_slice(&text)),
                                db_null(), db_null()},
            5, &outcome);
    buf_release(&text);
    if (r == 0)
        printf("%s: đã giao vai trò %s tại %s\n", job->words[0], job->words[1], job->words[2]);
    return r;
}

static int revoke(struct account_job *job)
{
    const struct value *account, *outcome, *roles;
    const char *fault = NULL;
    int ended = 0;
    int r = account_write(job, "account_one", (struct db_param[]){db_null(), db_str(job->words[0])},
                          2, &account, &fault);

    roles = r == 0 ? value_get(account, "roles") : NULL;
    for (size_t i = 0; r == 0 && i < value_count(roles); i++) {
        const struct value *role = value_at(roles, i);

        if (!slice_is(value_get_text(role, "role"), job->words[1]) ||
            !slice_is(value_get_text(role, "agency"), job->words[2]))
            continue;
        r = act(job, "grant_end",
                (struct db_param[]){db_null(), db_str(job->words[0]),
                                    db_int(value_get_int(role, "id", 0))},
                3, &outcome);
        ended += r == 0;
    }
    if (r == 0 && ended == 0) {
        ctl_error("%s: không có vai trò %s tại %s", job->words[0], job->words[1], job->words[2]);
        return CTL_FAILED;
    }
    if (r == 0)
        printf("%s: đã thôi vai trò %s tại %s\n", job->words[0], job->words[1], job->words[2]);
    return r;
}

/* ---- list ---- */

static const char *roles_text(struct arena *arena, const struct value *roles)
{
    struct buf text = BUF_INIT(16384);
    const char *kept;

    for (size_t i = 0; i < value_count(roles); i++) {
        const struct value *role = value_at(roles, i);

        buf_addf(&text, "%s%s@%s%s", i > 0 ? " " : "", value_get_str(role, "role"),
                 value_get_str(role, "agency"), value_get_bool(role, "below", false) ? "+" : "");
    }
    kept = arena_slice_str(arena, buf_slice(&text));
    buf_release(&text);
    return kept;
}

static void print_list(struct account_job *job, const struct db_rows *rows)
{
    static const char *const head[] = {"tài khoản", "họ và tên", "loại", "tình trạng", "vai trò"};
    size_t count = db_rows_count(rows), columns = DVC_COUNT(head);
    const char **cells = ARENA_ARRAY(job->arena, const char *, (count + 1) * columns);

    memcpy(cells, head, sizeof(head));
    for (size_t i = 0; i < count; i++) {
        const char **row = cells + (i + 1) * columns;
        struct json_error error;
        struct value *one;

        if (json_parse(job->arena, db_text_at(rows, i, 0), 8, &one, &error) != 0)
            one = NULL;
        row[0] = arena_str(job->arena, value_get_str(one, "username"));
        row[1] = arena_str(job->arena, value_get_str(one, "name"));
        row[2] = arena_str(job->arena, value_get_str(one, "kind"));
        row[3] = value_get_bool(one, "disabled", false) ? "khoá" : "hoạt động";
        row[4] = roles_text(job->arena, value_get(one, "roles"));
    }
    ctl_table(cells, count + 1, columns);
}

static int list(struct account_job *job)
{
    struct slice folded = SLICE_NULL;
    struct db_rows *rows = NULL;
    int r;

    if (job->word_count > 0 && utf8_fold(job->arena, slice_str(job->words[0]), &folded) != 0)
        return ctl_misuse("the words are no UTF-8");
    r = ctl_query(job->ctl, job->sync, "accounts_list",
                  (struct db_param[]){db_null(), db_text(folded), db_str(job->kind),
                                      db_str(job->agency), db_null(), db_int(LIST_MAX)},
                  6, &rows);
    if (r == 0 && job->ctl->json) {
        for (size_t i = 0; i < db_rows_count(rows); i++)
            printf("%s\n", db_text_at(rows, i, 0).ptr);
    } else if (r == 0) {
        print_list(job, rows);
    }
    db_rows_free(rows);
    return r;
}

/* ---- which one ---- */

static const struct {
    const char *name;
    size_t words_min, words_max;
    int (*run)(struct account_job *job);
} acts[] = {{"add", 1, 1, add},       {"passwd", 1, 1, passwd},        {"disable", 1, 1, disable},
            {"enable", 1, 1, enable}, {"grant", 3, 3, grant},          {"revoke", 3, 3, revoke},
            {"list", 0, 1, list},     {"import", 1, 1, account_import}};

enum { OPT_PERSON = 256 };

static const struct option options[] = {{"admin", no_argument, NULL, 'a'},
                                        {"below", no_argument, NULL, 'b'},
                                        {"dry-run", no_argument, NULL, 'n'},
                                        {"keep-password", no_argument, NULL, 'k'},
                                        {"no-passwords", no_argument, NULL, 'x'},
                                        {"totp-off", no_argument, NULL, 't'},
                                        {"agency", required_argument, NULL, 'g'},
                                        {"from", required_argument, NULL, 'F'},
                                        {"to", required_argument, NULL, 'T'},
                                        {"kind", required_argument, NULL, OPT_PERSON},
                                        {"name", required_argument, NULL, OPT_PERSON},
                                        {"phone", required_argument, NULL, OPT_PERSON},
                                        {"email", required_argument, NULL, OPT_PERSON},
                                        {"id-number", required_argument, NULL, 'i'},
                                        {"password-file", required_argument, NULL, 'p'},
                                        {"passwords-out", required_argument, NULL, 'o'},
                                        {"reason", required_argument, NULL, 'r'},
                                        {"role", required_argument, NULL, 'R'},
                                        {NULL, 0, NULL, 0}};

static bool take(struct account_job *job, int c, const char *name)
{
    switch (c) {
    case 'a':
        job->admin = true;
        break;
    case 'b':
        job->below = true;
        break;
    case 'n':
        job->dry_run = true;
        break;
    case 'k':
        job->keep_password = true;
        break;
    case 'x':
        job->no_passwords = true;
        break;
    case 't':
        job->totp_off = true;
        break;
    case 'g':
        job->agency = optarg;
        break;
    case 'F':
        job->from = optarg;
        break;
    case 'T':
        job->to = optarg;
        break;
    case 'p':
        job->password_file = optarg;
        break;
    case 'o':
        job->passwords_out = optarg;
        break;
    case 'r':
        job->reason = optarg;
        break;
    case 'i':
        account_put(job->arena, job->person, "id_number", optarg);
        break;
    case 'R':
        job->roles = arena_grow(job->arena, job->roles, job->role_count, &job->role_cap,
                                sizeof(*job->roles));
        job->roles[job->role_count++] = optarg;
        break;
    case OPT_PERSON:
        account_put(job->arena, job->person, name, optarg);
        if (strcmp(name, "kind") == 0)
            job->kind = optarg;
        break;
    default:
        return false;
    }
    return true;
}

static int parse(struct account_job *job, int argc, char **argv)
{
    int c, at = 0;

    while ((c = getopt_long(argc, argv, "", options, &at)) != -1)
        if (!take(job, c, options[at].name))
            return CTL_E_USAGE;
    for (int i = optind; i < argc; i++) {
        if (job->word_count == DVC_COUNT(job->words))
            return ctl_misuse("too many words");
        job->words[job->word_count++] = argv[i];
    }
    return 0;
}

int ctl_account(struct ctl *ctl, int argc, char **argv)
{
    struct account_job job = {.ctl = ctl};
    int r = CTL_E_USAGE;

    if (argc < 2)
        return ctl_misuse(
            "account takes add, passwd, disable, enable, grant, revoke, list, import");
    job.arena = arena_new();
    job.person = value_new(job.arena, VALUE_MAP);
    for (size_t i = 0; i < DVC_COUNT(acts); i++) {
        if (strcmp(argv[1], acts[i].name) != 0)
            continue;
        r = parse(&job, argc - 1, argv + 1);
        if (r == 0 && (job.word_count < acts[i].words_min || job.word_count > acts[i].words_max))
            r = ctl_misuse("account %s: wrong number of words", argv[1]);
        if (r == 0)
            r = ctl_settings(ctl);
        if (r == 0)
            r = ctl_open(ctl, CLUSTER_APP, &job.sync);
        if (r == 0)
            r = acts[i].run(&job);
        goto out;
    }
    r = ctl_misuse("unknown command 'account %s'", argv[1]);
out:
    store_sync_close(job.sync);
    arena_free(job.arena);
    return r;
}
