#include "ctl/import_papers.h"

#include <string.h>

#include "conf/plugin_form.h"
#include "conf/yaml_text.h"
#include "ctl/import_words.h"

static bool same_paper(const struct record_paper *a, const struct record_paper *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->code, b->code) == 0;
}

static void paper_counts(struct importing *im, const struct record_paper *paper)
{
    int originals = import_count(paper->originals, 20), copies = import_count(paper->copies, 20);
    const char *kind = import_has(im->arena, paper->name, "chung thuc") ? "certified" : "photo";

    if (originals < 0 && copies < 0) {
        importing_look(
            im, 4,
            "mấy bản chính (original), bản sao có chứng thực (certified), bản sao (photo)%s%s",
            paper->originals[0] != '\0' ? "; bản ghi viết: " : "", paper->originals);
        originals = import_has(im->arena, paper->name, "ban sao") ? 0 : 1;
        copies = 1 - originals;
    }
    if (originals > 0)
        buf_addf(im->out, "    original: %d\n", originals);
    if (copies > 0) {
        if (!import_has(im->arena, paper->name, "ban sao"))
            importing_look(im, 4, "bản sao có phải chứng thực không (certified hay photo)");
        buf_addf(im->out, "    %s: %d\n", kind, copies);
    }
}

static void paper_cases(struct importing *im, size_t first)
{
    const struct national_record *record = im->record;
    bool in[IMPORT_CASES] = {false};
    size_t count = 0, written = 0;

    for (size_t i = first; i < record->paper_count; i++) {
        int at = same_paper(&record->papers[first], &record->papers[i])
                     ? importing_case(im, record->papers[i].case_name)
                     : -1;

        if (at >= 0 && !in[at]) {
            in[at] = true;
            count++;
        }
    }
    if (count == 0 || count == im->case_count)
        return;
    buf_adds(im->out, "    cases: [");
    for (size_t i = 0; i < im->case_count; i++) {
        if (in[i])
            buf_addf(im->out, "%s%s", written++ > 0 ? ", " : "", im->case_ids[i]);
    }
    buf_adds(im->out, "]\n");
}

static bool maybe(struct importing *im, const char *name)
{
    return import_has(im->arena, name, "neu co") || import_has(im->arena, name, "truong hop") ||
           import_has(im->arena, name, "doi voi");
}

static void one_paper(struct importing *im, size_t first, const char *id)
{
    const struct record_paper *paper = &im->record->papers[first];
    const char *name;

    buf_addf(im->out, "  - id: %s\n", id);
    name = importing_fit(im, 4, "tên giấy tờ (TENGIAYTO)", paper->name, 2, 1000, "Chưa có tên");
    buf_adds(im->out, "    name: ");
    yaml_add_text(im->out, slice_str(name));
    buf_addc(im->out, '\n');
    paper_counts(im, paper);
    if (maybe(im, paper->name))
        importing_look(im, 4, "bắt buộc khi nào (required, required_if)");
    else
        buf_adds(im->out, "    required: true\n");
    paper_cases(im, first);
    if (paper->form[0] != '\0' || paper->url[0] != '\0')
        yaml_add_comment(im->out, 4,
                         slice_str(arena_printf(im->arena, "Mẫu trong bản ghi: %s %s", paper->form,
                                                paper->url)));
}

void import_papers(struct importing *im)
{
    const struct national_record *record = im->record;
    const char *ids[PLUGIN_PAPERS_MAX];
    size_t count = 0;

    importing_look(
        im, 0,
        "thành phần hồ sơ: tờ khai đã thành form ở trên thì bỏ; thêm formats, max_mb, reuse");
    if (record->paper_count == 0) {
        importing_look(im, 0, "bản ghi không có thành phần hồ sơ (THANHPHANHOSO)");
        return;
    }
    buf_adds(im->out, "documents:\n");
    for (size_t i = 0; i < record->paper_count; i++) {
        bool before = false;

        for (size_t k = 0; k < i && !before; k++)
            before = same_paper(&record->papers[k], &record->papers[i]);
        if (before)
            continue;
        if (count == PLUGIN_PAPERS_MAX) {
            importing_look(im, 2, "bản ghi còn giấy tờ: %s", record->papers[i].name);
            continue;
        }
        ids[count] = import_id(im->arena, record->papers[i].name,
                               arena_printf(im->arena, "paper_%zu", count + 1), ids, count);
        one_paper(im, i, ids[count]);
        count++;
    }
    buf_addc(im->out, '\n');
}
