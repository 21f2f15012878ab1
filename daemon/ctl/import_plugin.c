#include "ctl/import_plugin.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "conf/plugin_form.h"
#include "conf/yaml_text.h"
#include "ctl/import_flow.h"
#include "ctl/import_words.h"

#define CASES_MAX 40

struct importing {
    struct arena *arena;
    const struct national_record *record;
    struct buf *out;
    const char *case_names[CASES_MAX], *case_ids[CASES_MAX];
    size_t case_count;
    struct limit limits[CHANNEL_SLOTS];
};

DVC_PRINTF(3, 4)
static void look(struct importing *im, int indent, const char *fmt, ...)
{
    struct buf text = BUF_INIT(20000);
    char line[4000];
    va_list args;

    va_start(args, fmt);
    vsnprintf(line, sizeof(line), fmt, args);
    va_end(args);
    buf_addf(&text, IMPORT_MARK " %s", line);
    /* A long text was cut where it fell, perhaps inside of a letter. */
    while (text.len > 0 && !utf8_valid(buf_slice(&text)))
        buf_truncate(&text, text.len - 1);
    yaml_add_comment(im->out, indent, buf_slice(&text));
    buf_release(&text);
}

/* At most `max` letters, and a note above when something was cut; `min` as the reader wants it. */
static const char *fit(struct importing *im, int indent, const char *what, const char *text,
                       size_t min, size_t max, const char *otherwise)
{
    struct slice slice = slice_str(text);
    size_t length = utf8_length(slice), bytes = 0;

    if (length < min) {
        look(im, indent, "bản ghi không có %s", what);
        return otherwise;
    }
    if (length <= max)
        return text;
    look(im, indent, "%s có %zu ký tự, chỉ giữ %zu ký tự đầu", what, length, max);
    for (size_t count = 0; bytes < slice.len; bytes++) {
        if (((unsigned char)slice.ptr[bytes] & 0xC0) != 0x80 && count++ == max)
            break;
    }
    return arena_slice_str(im->arena, slice_trim(slice_sub(slice, 0, bytes)));
}

static void text_line(struct importing *im, const char *key, const char *text)
{
    buf_addf(im->out, "%s: ", key);
    yaml_add_text(im->out, slice_str(text));
    buf_addc(im->out, '\n');
}

/* ---- what it is ---- */

static void laws(struct importing *im)
{
    const struct national_record *record = im->record;

    if (record->law_count == 0) {
        look(im, 0, "bản ghi không có căn cứ pháp lý; thêm legal_basis");
        return;
    }
    buf_adds(im->out, "legal_basis:\n");
    for (size_t i = 0; i < record->law_count; i++) {
        const struct record_pair *law = &record->laws[i];
        bool in_name = law->code[0] == '\0' || strstr(law->name, law->code) != NULL;
        const char *text = in_name ? law->name
                           : law->name[0] == '\0'
                               ? law->code
                               : arena_printf(im->arena, "%s (%s)", law->name, law->code);

        text = fit(im, 2, "tên văn bản", text, 1, 500, "Chưa rõ");
        buf_adds(im->out, "  - ");
        yaml_add_text(im->out, slice_str(text));
        buf_addc(im->out, '\n');
    }
}

static void authority(struct importing *im)
{
    const struct national_record *record = im->record;
    enum authority authority = AUTHORITY_COMMUNE;
    bool found = false;

    for (size_t i = 0; i < record->agency_count && !found; i++)
        found = import_authority(im->arena, record->agencies[i], &authority);
    if (!found || record->agency_count != 1)
        look(im, 0, "cấp giải quyết (province, department, commune); cơ quan trong bản ghi: %s",
             record->agency_count > 0 ? record->agencies[0] : "không có");
    for (size_t i = 1; i < record->agency_count; i++)
        look(im, 0, "bản ghi còn nêu cơ quan: %s", record->agencies[i]);
    buf_addf(im->out, "authority: %s\n", authority_code(authority));
}

static void subjects(struct importing *im)
{
    static const char *const words[] = {"citizen", "business", "organisation"};
    const struct national_record *record = im->record;
    bool has[DVC_COUNT(words)] = {false}, any = false;

    for (size_t i = 0; i < record->subject_count; i++) {
        const char *word = import_subject(im->arena, record->subjects[i]);

        for (size_t k = 0; word != NULL && k < DVC_COUNT(words); k++)
            has[k] = has[k] || strcmp(word, words[k]) == 0;
        any = any || word != NULL;
        if (word == NULL)
            look(im, 0, "không rõ đối tượng \"%s\" là ai", record->subjects[i]);
    }
    if (!any) {
        look(im, 0, "đối tượng được nộp hồ sơ");
        has[0] = true;
    }
    buf_adds(im->out, "subjects: [");
    for (size_t k = 0, count = 0; k < DVC_COUNT(words); k++) {
        if (has[k])
            buf_addf(im->out, "%s%s", count++ > 0 ? ", " : "", words[k]);
    }
    buf_adds(im->out, "]\n");
    if (record->described[0] != '\0')
        yaml_add_comment(im->out, 0,
                         slice_str(arena_printf(im->arena, "Mô tả đối tượng trong bản ghi: %s",
                                                record->described)));
}

static void head(struct importing *im, const char *code, day_t today)
{
    const struct national_record *record = im->record;

    buf_adds(im->out, "# Khung thủ tục lấy từ bản ghi LayThuTuc của Cổng Dịch vụ công quốc gia.\n"
                      "# Chỗ nào ghi \"" IMPORT_MARK
                      "\" là bản ghi không nói hoặc nói bằng lời, phải đọc lại và sửa rồi xoá lời "
                      "ghi.\n"
                      "# Dòng bắt đầu bằng \"#|\" là phần tuỳ chọn: xoá \"#|\" thì có hiệu lực.\n"
                      "dvc: 1\nprocedure: ");
    yaml_add_quoted(im->out, slice_str(code));
    buf_adds(im->out, "\nversion: 1\n");
    text_line(im, "name", fit(im, 0, "tên thủ tục (TENTTHC)", record->name, 3, 500, "Chưa có tên"));
    if (record->field_count > 1)
        look(im, 0, "bản ghi có nhiều lĩnh vực, đã lấy lĩnh vực đầu tiên");
    text_line(im, "field",
              fit(im, 0, "lĩnh vực (TENLINHVUC)", record->field_count > 0 ? record->fields[0] : "",
                  2, 200, "Chưa rõ"));
    look(im, 0, "bản ghi không nêu số quyết định công bố");
    text_line(im, "decision", "Chưa rõ");
    laws(im);
    look(im, 0, "bản ghi không nêu ngày hiệu lực, đã lấy ngày tạo tệp này");
    buf_adds(im->out, "effective: {from: ");
    buf_add_day(im->out, today);
    buf_adds(im->out, "}\n");
    look(im, 0, "bản ghi không nêu mức độ: full (toàn trình), partial (một phần), info");
    buf_adds(im->out, "level: partial\n");
    authority(im);
    subjects(im);
    look(im, 0, "người nộp có phải có mặt, có được uỷ quyền, có giải quyết ngay không");
    buf_adds(im->out, "presence_required: false\nauthorisation_allowed: true\non_the_spot: "
                      "false\n\n");
}

/* ---- time ---- */

static void one_channel(struct importing *im, enum channel channel)
{
    const struct record_channel *way = &im->record->channels[channel];
    struct limit *limit = &im->limits[channel];
    bool sure = false, found = false;

    for (size_t i = 0; i < way->count && !found; i++)
        found = import_limit(im->arena, way->times[i].amount, way->times[i].unit, limit, &sure) ||
                import_limit(im->arena, way->times[i].text, "", limit, &sure);
    if (!found)
        look(im, 2, "không đọc được thời hạn của kênh này trong bản ghi");
    if (!sure || way->count != 1) {
        for (size_t i = 0; i < way->count; i++)
            look(im, 2, "bản ghi viết: %s %s. %s", way->times[i].amount, way->times[i].unit,
                 way->times[i].text);
    } else if (way->times[0].text[0] != '\0') {
        yaml_add_comment(im->out, 2, slice_str(way->times[0].text));
    }
    buf_addf(im->out, "  %s: {limit: ", channel_code(channel));
    limit_write(im->out, *limit);
    buf_adds(im->out, "}\n");
}

static void channels(struct importing *im)
{
    static const enum channel order[] = {CHANNEL_ONLINE, CHANNEL_POST, CHANNEL_DIRECT};
    struct buf text = BUF_INIT(100000), *out = im->out;
    bool same_day = false, any = false;

    im->out = &text;
    for (size_t i = 0; i < DVC_COUNT(order); i++) {
        if (!im->record->channels[order[i]].open)
            continue;
        one_channel(im, order[i]);
        any = true;
        same_day = same_day || im->limits[order[i]].unit == LIMIT_SAME_DAY;
    }
    if (!any) {
        look(im, 2, "bản ghi không có cách thức thực hiện (CACHTHUCTHUCHIEN)");
        buf_adds(im->out, "  direct: {limit: none}\n");
    }
    im->out = out;
    if (same_day)
        look(im, 0, "thời hạn trong ngày: sau giờ nào thì tính ngày làm việc tiếp theo");
    buf_addf(out, "clock: {starts: accept, due_time: end_of_day%s}\n",
             same_day ? ", cut_off: \"15:00\"" : "");
    buf_adds(out, "channels:\n");
    buf_add_slice(out, buf_slice(&text));
    buf_release(&text);
    look(im, 0, "bưu chính công ích nhận hồ sơ và trả kết quả theo văn bản nào");
    buf_addf(out, "postal: {collect: %s, return: true, decision: Quyết định số 45/2016/QĐ-TTg}\n",
             im->record->channels[CHANNEL_POST].open ? "true" : "false");
    look(im, 0, "số lần và thời gian bổ sung; bản ghi không nêu");
    buf_adds(out, "supplement:\n"
                  "  intake: {max: 1, closes_after: 30 calendar_days}\n"
                  "  appraisal: {max: 1, within: 3 working_days, then: restart, closes_after: 30 "
                  "calendar_days}\n"
                  "warn: [{at: 50%, to: assignee}, {at: due, to: leader}]\n\n");
}

/* ---- cases ---- */

static int case_of(const struct importing *im, const char *name)
{
    for (size_t i = 0; i < im->case_count; i++) {
        if (strcmp(im->case_names[i], name) == 0)
            return (int)i;
    }
    return -1;
}

/* Papers that stand under one heading only are everybody's: there is nothing to choose. */
static void cases(struct importing *im)
{
    const struct national_record *record = im->record;

    if (record->requirements[0] != '\0')
        look(im, 0,
             "yêu cầu, điều kiện trong bản ghi (có thể thành câu hỏi sàng lọc, screening): %s",
             record->requirements);
    for (size_t i = 0; i < record->paper_count; i++) {
        const char *name = record->papers[i].case_name;

        if (name[0] == '\0' || case_of(im, name) >= 0 || im->case_count == CASES_MAX)
            continue;
        im->case_ids[im->case_count] =
            import_id(im->arena, name, arena_printf(im->arena, "case_%zu", im->case_count + 1),
                      im->case_ids, im->case_count);
        im->case_names[im->case_count++] = name;
    }
    if (im->case_count < 2) {
        im->case_count = 0;
        return;
    }
    look(im, 0, "các trường hợp lấy từ thành phần hồ sơ; thời hạn và khoản thu có thể khác nhau");
    buf_adds(im->out, "cases:\n");
    for (size_t i = 0; i < im->case_count; i++) {
        const char *name = fit(im, 2, "tên trường hợp", im->case_names[i], 2, 500, "Trường hợp");

        buf_addf(im->out, "  - {id: %s, name: ", im->case_ids[i]);
        yaml_add_text(im->out, slice_str(name));
        buf_adds(im->out, "}\n");
    }
    buf_addc(im->out, '\n');
}

/* ---- fees ---- */

/* The same fee of several channels is one with an amount a channel. */
static bool same_fee(const struct record_fee *a, const struct record_fee *b)
{
    return a->code[0] != '\0' ? strcmp(a->code, b->code) == 0
                              : b->code[0] == '\0' && strcmp(a->text, b->text) == 0;
}

/* False when none of them is an amount: there is nothing to be paid then (K166). */
static bool fee_amounts(struct importing *im, size_t first)
{
    const struct national_record *record = im->record;
    int64_t amounts[CHANNEL_SLOTS] = {-1, -1, -1, -1};
    bool several = false, any = false;

    for (size_t i = first; i < record->fee_count; i++) {
        const struct record_fee *fee = &record->fees[i];
        int64_t amount = 0;

        if (!same_fee(&record->fees[first], fee))
            continue;
        if (!import_amount(fee->amount, &amount))
            look(im, 4, "không đọc được mức thu \"%s\" %s", fee->amount, fee->unit);
        any = any || amount > 0;
        if (amounts[fee->channel] >= 0 && amounts[fee->channel] != amount)
            look(im, 4, "bản ghi còn mức thu khác của kênh %s: %s %s. %s",
                 channel_name_vi(fee->channel), fee->amount, fee->unit, fee->text);
        else
            amounts[fee->channel] = amount;
    }
    for (int channel = CHANNEL_DIRECT; channel < CHANNEL_SLOTS; channel++)
        several = several || (record->channels[channel].open &&
                              amounts[channel] != amounts[record->fees[first].channel]);
    if (!several) {
        buf_addf(im->out, "    amount: %lld\n", (long long)amounts[record->fees[first].channel]);
        return any;
    }
    buf_adds(im->out, "    amount: {");
    for (int channel = CHANNEL_DIRECT, count = 0; channel < CHANNEL_SLOTS; channel++) {
        if (amounts[channel] >= 0)
            buf_addf(im->out, "%s%s: %lld", count++ > 0 ? ", " : "",
                     channel_code((enum channel)channel), (long long)amounts[channel]);
    }
    buf_adds(im->out, "}\n");
    return any;
}

static bool one_fee(struct importing *im, size_t first, const char *id)
{
    const struct record_fee *fee = &im->record->fees[first];
    bool le_phi = import_has(im->arena, fee->text, "le phi"), any;
    const char *name;

    buf_addf(im->out, "  - id: %s\n", id);
    name = fit(im, 4, "tên khoản thu (MOTA)", fee->text, 2, 300, "Phí, lệ phí");
    buf_adds(im->out, "    name: ");
    yaml_add_text(im->out, slice_str(name));
    if (!le_phi && !import_has(im->arena, fee->text, "phi")) {
        buf_addc(im->out, '\n');
        look(im, 4, "là phí hay lệ phí");
        le_phi = true;
        buf_adds(im->out, "    kind: le_phi\n");
    } else {
        buf_addf(im->out, "\n    kind: %s\n", le_phi ? "le_phi" : "phi");
    }
    any = fee_amounts(im, first);
    look(im, 4, "nộp lúc nào (at_submit, before_accept, before_result), ai được miễn (waive_if)");
    buf_adds(im->out, "    pay: before_result\n");
    return any;
}

/* Each line as a part that is put in later. */
static void put_aside(struct buf *out, struct slice text)
{
    struct slice line;

    while (slice_next(&text, '\n', &line)) {
        if (line.len > 0)
            buf_addf(out, "#|%.*s\n", (int)line.len, line.ptr);
    }
}

static void fees(struct importing *im)
{
    const struct national_record *record = im->record;
    const char **ids = ARENA_ARRAY(im->arena, const char *, record->fee_count + 1);
    struct buf all = BUF_INIT(1u << 20), one = BUF_INIT(100000), *out = im->out;
    size_t count = 0, live = 0;

    if (record->fee_count == 0) {
        look(im, 0, "bản ghi không có phí, lệ phí");
        return;
    }
    im->out = &one;
    for (size_t i = 0; i < record->fee_count; i++) {
        bool before = false;

        for (size_t k = 0; k < i && !before; k++)
            before = same_fee(&record->fees[k], &record->fees[i]);
        if (before)
            continue;
        ids[count] = import_id(im->arena, record->fees[i].text,
                               arena_printf(im->arena, "fee_%zu", count + 1), ids, count);
        buf_clear(&one);
        if (one_fee(im, i, ids[count])) {
            buf_add_slice(&all, buf_slice(&one));
            live++;
        } else {
            put_aside(&all, buf_slice(&one));
        }
        count++;
    }
    im->out = out;
    buf_adds(out, live > 0 ? "fees:\n" : "#|fees:\n");
    buf_add_slice(out, buf_slice(&all));
    buf_addc(out, '\n');
    buf_release(&all);
    buf_release(&one);
}

/* ---- papers ---- */

static bool same_paper(const struct record_paper *a, const struct record_paper *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->code, b->code) == 0;
}

static void paper_counts(struct importing *im, const struct record_paper *paper)
{
    int originals = import_count(paper->originals, 20), copies = import_count(paper->copies, 20);
    const char *kind = import_has(im->arena, paper->name, "chung thuc") ? "certified" : "photo";

    if (originals < 0 && copies < 0) {
        look(im, 4,
             "mấy bản chính (original), bản sao có chứng thực (certified), bản sao (photo)%s%s",
             paper->originals[0] != '\0' ? "; bản ghi viết: " : "", paper->originals);
        originals = import_has(im->arena, paper->name, "ban sao") ? 0 : 1;
        copies = 1 - originals;
    }
    if (originals > 0)
        buf_addf(im->out, "    original: %d\n", originals);
    if (copies > 0) {
        if (!import_has(im->arena, paper->name, "ban sao"))
            look(im, 4, "bản sao có phải chứng thực không (certified hay photo)");
        buf_addf(im->out, "    %s: %d\n", kind, copies);
    }
}

static void paper_cases(struct importing *im, size_t first)
{
    const struct national_record *record = im->record;
    bool in[CASES_MAX] = {false};
    size_t count = 0, written = 0;

    for (size_t i = first; i < record->paper_count; i++) {
        int at = same_paper(&record->papers[first], &record->papers[i])
                     ? case_of(im, record->papers[i].case_name)
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
    name = fit(im, 4, "tên giấy tờ (TENGIAYTO)", paper->name, 2, 1000, "Chưa có tên");
    buf_adds(im->out, "    name: ");
    yaml_add_text(im->out, slice_str(name));
    buf_addc(im->out, '\n');
    paper_counts(im, paper);
    if (maybe(im, paper->name))
        look(im, 4, "bắt buộc khi nào (required, required_if)");
    else
        buf_adds(im->out, "    required: true\n");
    paper_cases(im, first);
    if (paper->form[0] != '\0' || paper->url[0] != '\0')
        yaml_add_comment(im->out, 4,
                         slice_str(arena_printf(im->arena, "Mẫu trong bản ghi: %s %s", paper->form,
                                                paper->url)));
}

static void papers(struct importing *im)
{
    const struct national_record *record = im->record;
    const char *ids[PLUGIN_PAPERS_MAX];
    size_t count = 0;

    look(im, 0,
         "thành phần hồ sơ: tờ khai đã thành form ở trên thì bỏ; thêm formats, max_mb, reuse");
    if (record->paper_count == 0) {
        look(im, 0, "bản ghi không có thành phần hồ sơ (THANHPHANHOSO)");
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
            look(im, 2, "bản ghi còn giấy tờ: %s", record->papers[i].name);
            continue;
        }
        ids[count] = import_id(im->arena, record->papers[i].name,
                               arena_printf(im->arena, "paper_%zu", count + 1), ids, count);
        one_paper(im, i, ids[count]);
        count++;
    }
    buf_addc(im->out, '\n');
}

/* ---- results ---- */

static bool same_result(const struct national_record *record, size_t a, size_t b)
{
    return strcmp(record->results[a].code, record->results[b].code) == 0;
}

static void results(struct importing *im)
{
    const struct national_record *record = im->record;

    look(im, 0, "kết quả: có bản điện tử ký số không (electronic)");
    buf_adds(im->out, "results:\n");
    if (record->result_count == 0) {
        look(im, 2, "bản ghi không có kết quả (KETQUATHUCHIEN)");
        buf_adds(im->out, "  - {code: \"KQ.000.000001\", name: Chưa rõ}\n");
    }
    for (size_t i = 0; i < record->result_count; i++) {
        const char *name, *code;
        bool before = false;

        for (size_t k = 0; k < i && !before; k++)
            before = same_result(record, i, k);
        if (before && record->results[i].code[0] != '\0') {
            look(im, 2, "bản ghi còn kết quả cùng mã: %s", record->results[i].name);
            continue;
        }
        code = fit(im, 2, "mã kết quả (MAKETQUA)", record->results[i].code, 3, 40,
                   arena_printf(im->arena, "KQ.000.%06zu", i + 1));
        name = fit(im, 2, "tên kết quả (TENKETQUA)", record->results[i].name, 2, 300, "Chưa rõ");
        buf_adds(im->out, "  - {code: ");
        yaml_add_quoted(im->out, slice_str(code));
        buf_adds(im->out, ", name: ");
        yaml_add_text(im->out, slice_str(name));
        buf_adds(im->out, "}\n");
    }
    buf_addc(im->out, '\n');
}

void import_plugin(struct arena *arena, const struct national_record *record, const char *code,
                   day_t today, struct slice template, struct buf *out)
{
    struct importing im = {.arena = arena, .record = record, .out = out};

    head(&im, code, today);
    channels(&im);
    cases(&im);
    fees(&im);
    look(&im, 0, "tờ khai: thay bằng các mục của mẫu đơn trong thành phần hồ sơ");
    import_form(template, out);
    papers(&im);
    results(&im);
    look(&im, 0,
         "quy trình mẫu; thời hạn từng bước đã chia theo thời hạn chung. Quy trình dùng "
         "chung trong plugins/workflows đủ dùng thì thay bằng: workflow: {use: ..., "
         "version: ...}");
    for (size_t i = 0; i < record->step_count; i++)
        yaml_add_comment(
            out, 0, slice_str(arena_printf(arena, "Trình tự %zu: %s", i + 1, record->steps[i])));
    import_workflow(template, im.limits, out);
}
