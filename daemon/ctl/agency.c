#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "conf/agency_load.h"
#include "conf/file.h"
#include "ctl/commands.h"
#include "ctl/csv.h"

#define FILE_MAX (16u << 20)
#define FILES_MAX 1000

/* ---- list ---- */

static bool wanted(struct arena *arena, const struct agency *agency, struct slice words)
{
    struct slice name;

    if (words.len == 0)
        return true;
    if (utf8_fold(arena, slice_str(agency->name), &name) != 0)
        return false;
    return strstr(arena_slice_str(arena, name), words.ptr) != NULL ||
           strstr(agency->code, words.ptr) != NULL;
}

static int list(struct ctl *ctl, const char *text)
{
    static const char *const head[] = {"mã", "cấp", "cấp trên", "tên"};
    struct arena *arena = arena_new();
    const struct agency_tree *tree;
    const char **cells;
    size_t rows = 1;
    struct slice folded = SLICE_LIT("");
    int r = ctl_configuration(ctl);

    if (r != 0 || ctl->generation->agencies == NULL) {
        ctl_error("the agencies have faults: see dvcd check");
        r = CTL_E_USAGE;
        goto out;
    }
    tree = ctl->generation->agencies;
    cells = ARENA_ARRAY(arena, const char *, (tree->count + 1) * DVC_COUNT(head));
    memcpy(cells, head, sizeof(head));
    if (text != NULL && utf8_fold(arena, slice_str(text), &folded) != 0)
        folded = SLICE_LIT("");
    folded = slice_str(arena_slice_str(arena, folded));
    for (size_t i = 0; i < tree->count; i++) {
        const struct agency *agency = &tree->items[i], *above = agency_parent(tree, agency);
        const char **row = cells + rows * DVC_COUNT(head);

        if (!wanted(arena, agency, folded))
            continue;
        row[0] = agency->code;
        row[1] = agency_level_code(agency->level);
        row[2] = above != NULL ? above->code : "-";
        row[3] = agency->name;
        rows++;
    }
    ctl_table(cells, rows, DVC_COUNT(head));
out:
    arena_free(arena);
    return r;
}

/* ---- import ---- */

struct taking {
    struct ctl *ctl;
    struct arena *arena;
    struct conf_errors errors;
    const char *file;   /* given */
    const char *source; /* YAML that is checked: the file itself, or what was made of a table */
    const char *target; /* its place in paths.agencies */
    bool apply;
    size_t added, changed, gone;
};

/* YAML in double quotes knows JSON's escapes. */
static void add_text(struct buf *out, const char *key, struct slice text)
{
    buf_addf(out, ", %s: ", key);
    buf_add_json_string(out, text);
}

static void add_words(struct buf *out, const char *key, struct slice text)
{
    struct slice part;
    bool first = true;

    buf_addf(out, ", %s: [", key);
    while (slice_next(&text, ' ', &part)) {
        if (part.len == 0)
            continue;
        if (!first)
            buf_adds(out, ", ");
        buf_add_json_string(out, part);
        first = false;
    }
    buf_addc(out, ']');
}

static void add_row(struct buf *out, const struct csv_row *head, const struct csv_row *row)
{
    bool first = true;

    buf_addc(out, '{');
    for (size_t i = 0; i < head->count && i < row->count; i++) {
        struct slice key = head->fields[i], text = row->fields[i];
        char name[32];
        struct buf one = BUF_INIT(65536);
        size_t skip = first ? 2 : 0;

        if (text.len == 0 || key.len >= sizeof(name))
            continue;
        memcpy(name, key.ptr, key.len);
        name[key.len] = '\0';
        if (slice_is(key, "functions") || slice_is(key, "predecessors") || slice_is(key, "serves"))
            add_words(&one, name, text);
        else if (slice_is(key, "level") || slice_is(key, "from") || slice_is(key, "to") ||
                 slice_is(key, "provisional"))
            buf_addf(&one, ", %s: %.*s", name, (int)text.len, text.ptr);
        else
            add_text(&one, name, text);
        buf_adds(out, one.ptr + skip);
        buf_release(&one);
        first = false;
    }
    buf_adds(out, "},\n");
}

/* A table (TSV or CSV, head line with the keys of an agency) as YAML. */
static int from_table(struct taking *t, struct slice text, struct buf *out)
{
    struct csv csv;
    struct csv_row head, row;
    int r = csv_open(&csv, t->arena, text) == 0 ? csv_next(&csv, &head) : -EINVAL;

    if (r != 1) {
        ctl_error("%s: không phải bảng UTF-8 có dòng tiêu đề", t->file);
        return CTL_FAILED;
    }
    /* One row a line, as in the table, so that faults name the line that people look at. */
    buf_adds(out, "{agencies: 1, items: [\n");
    while ((r = csv_next(&csv, &row)) == 1)
        add_row(out, &head, &row);
    buf_adds(out, "]}\n");
    if (r == 0)
        return 0;
    ctl_error("%s:%d: %s", t->file, row.line, csv.fault);
    return CTL_FAILED;
}

static int write_new(const char *path, struct slice text)
{
    FILE *file = fopen(path, "wxe");
    bool ok = file != NULL && fwrite(text.ptr, 1, text.len, file) == text.len &&
              fflush(file) == 0 && fsync(fileno(file)) == 0;

    if (file != NULL && fclose(file) != 0)
        ok = false;
    if (ok)
        return 0;
    ctl_error("%s: %s", path, strerror(errno));
    if (file != NULL)
        (void)unlink(path);
    return CTL_FAILED;
}

/* Beside its later place, so that a rename takes it there; hidden, so that nobody reads it before.
 */
static int prepare(struct taking *t)
{
    const char *folder = t->ctl->settings->paths.agencies, *base = conf_basename(t->file);
    struct slice stem = slice_str(base), text;
    struct buf out = BUF_INIT(FILE_MAX);
    ptrdiff_t dot = slice_find(stem, '.', 0);
    int r = conf_file_read(t->arena, t->file, t->file, FILE_MAX, &t->errors, &text);

    if (dot > 0)
        stem = slice_sub(stem, 0, (size_t)dot);
    t->target = arena_printf(t->arena, "%s/%.*s.yaml", folder, (int)stem.len, stem.ptr);
    t->source =
        t->apply
            ? arena_printf(t->arena, "%s/.%.*s.yaml.new", folder, (int)stem.len, stem.ptr)
            : arena_printf(t->arena, "%s/dvcctl-agencies-%d.yaml",
                           getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp", (int)getpid());
    if (r != 0)
        return CTL_FAILED; /* noted in errors */
    if (slice_ends(slice_str(t->file), ".yaml"))
        buf_add_slice(&out, text);
    else
        r = from_table(t, text, &out);
    if (r == 0 && out.overflow) {
        ctl_error("%s: quá lớn", t->file);
        r = CTL_FAILED;
    }
    if (r == 0)
        r = write_new(t->source, buf_slice(&out));
    buf_release(&out);
    return r;
}

/* The tree as it would be: the new file in place of one of its name. */
static int load(struct taking *t, struct agency_tree **ret)
{
    const char *folder = t->ctl->settings->paths.agencies;
    struct agency_loader *loader = agency_loader_new(t->arena, &t->errors);
    const char **names;
    size_t count;
    int r =
        conf_folder_list(t->arena, folder, folder, ".yaml", FILES_MAX, &t->errors, &names, &count);

    for (size_t i = 0; r == 0 && i < count; i++)
        if (strcmp(names[i], conf_basename(t->target)) != 0)
            r = agency_loader_file(loader, conf_path(t->arena, folder, names[i]), names[i]);
    if (r == 0)
        r = agency_loader_file(loader, t->source, t->file);
    if (r == 0)
        r = agency_loader_finish(loader, t->ctl->generation->communes, ret);
    return r == 0 ? 0 : CTL_FAILED;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_texts(const char *const *a, size_t a_count, const char *const *b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

static bool same(const struct agency_tree *ta, const struct agency *a, const struct agency_tree *tb,
                 const struct agency *b)
{
    const struct agency *pa = agency_parent(ta, a), *pb = agency_parent(tb, b);

    return same_text(a->name, b->name) && a->level == b->level &&
           same_text(pa != NULL ? pa->code : NULL, pb != NULL ? pb->code : NULL) &&
           same_text(a->commune_code, b->commune_code) && same_text(a->calendar, b->calendar) &&
           same_text(a->office, b->office) && same_text(a->phone, b->phone) &&
           same_text(a->address, b->address) && a->from.n == b->from.n && a->to.n == b->to.n &&
           a->provisional == b->provisional &&
           same_texts(a->functions, a->function_count, b->functions, b->function_count) &&
           same_texts(a->serves, a->serve_count, b->serves, b->serve_count) &&
           same_texts(a->predecessors, a->predecessor_count, b->predecessors, b->predecessor_count);
}

static void compare(struct taking *t, const struct agency_tree *old, const struct agency_tree *new)
{
    for (size_t i = 0; i < new->count; i++) {
        const struct agency *now = &new->items[i];
        const struct agency *before = old != NULL ? agency_find(old, slice_str(now->code)) : NULL;

        if (before == NULL) {
            printf("thêm   %s  %s\n", now->code, now->name);
            t->added++;
        } else if (!same(old, before, new, now)) {
            printf("sửa    %s  %s\n", now->code, now->name);
            t->changed++;
        }
    }
    for (size_t i = 0; old != NULL && i < old->count; i++) {
        if (agency_find(new, slice_str(old->items[i].code)) != NULL)
            continue;
        printf("bỏ     %s  %s\n", old->items[i].code, old->items[i].name);
        t->gone++;
    }
}

static int take(struct taking *t)
{
    struct agency_tree *tree = NULL;
    struct buf text = BUF_INIT(1u << 20);
    int r = prepare(t);

    if (r == 0)
        r = load(t, &tree);
    if (conf_errors_total(&t->errors) > 0) {
        conf_errors_write(&text, &t->errors);
        fputs(text.ptr, stderr);
        r = CTL_FAILED;
    }
    buf_release(&text);
    if (r == 0)
        compare(t, t->ctl->generation->agencies, tree);
    if (r == 0 && t->apply && rename(t->source, t->target) != 0) {
        ctl_error("%s: %s", t->target, strerror(errno));
        r = CTL_FAILED;
    }
    if (r != 0 || !t->apply)
        (void)unlink(t->source);
    if (r != 0)
        return r;
    printf("%zu thêm, %zu sửa, %zu bỏ: %s\n", t->added, t->changed, t->gone,
           t->apply ? "đã ghi, có hiệu lực sau dvcctl reload" : "chưa ghi gì (--apply để ghi)");
    return 0;
}

static int import(struct ctl *ctl, int argc, char **argv)
{
    static const struct option options[] = {{"apply", no_argument, NULL, 'a'}, {NULL, 0, NULL, 0}};
    struct taking t = {.ctl = ctl};
    int c, r = 0;

    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (c != 'a')
            return CTL_E_USAGE;
        t.apply = true;
    }
    if (optind + 1 != argc)
        return ctl_misuse("agency import takes one FILE: .yaml, .tsv or .csv");
    t.file = argv[optind];
    r = ctl_configuration(ctl);
    if (r != 0)
        return r;
    t.arena = arena_new();
    t.errors = CONF_ERRORS_INIT(t.arena);
    r = take(&t);
    arena_free(t.arena);
    return r;
}

int ctl_agency(struct ctl *ctl, int argc, char **argv)
{
    if (argc >= 2 && argc <= 3 && strcmp(argv[1], "list") == 0)
        return list(ctl, argc == 3 ? argv[2] : NULL);
    if (argc >= 3 && strcmp(argv[1], "import") == 0)
        return import(ctl, argc - 1, argv + 1);
    return ctl_misuse("agency takes list [WORDS] or import FILE [--apply]");
}
