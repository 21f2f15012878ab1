#include "ctl/import_plugin.h"

#include <string.h>

#include "conf/yaml_text.h"
#include "ctl/import_fees.h"
#include "ctl/import_flow.h"
#include "ctl/import_papers.h"
#include "ctl/import_words.h"

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
        importing_look(im, 0, "bản ghi không có căn cứ pháp lý; thêm legal_basis");
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

        text = importing_fit(im, 2, "tên văn bản", text, 1, 500, "Chưa rõ");
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
        importing_look(im, 0,
                       "cấp giải quyết (province, department, commune); cơ quan trong bản ghi: %s",
                       record->agency_count > 0 ? record->agencies[0] : "không có");
    for (size_t i = 1; i < record->agency_count; i++)
        importing_look(im, 0, "bản ghi còn nêu cơ quan: %s", record->agencies[i]);
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
            importing_look(im, 0, "không rõ đối tượng \"%s\" là ai", record->subjects[i]);
    }
    if (!any) {
        importing_look(im, 0, "đối tượng được nộp hồ sơ");
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
    text_line(im, "name",
              importing_fit(im, 0, "tên thủ tục (TENTTHC)", record->name, 3, 500, "Chưa có tên"));
    if (record->field_count > 1)
        importing_look(im, 0, "bản ghi có nhiều lĩnh vực, đã lấy lĩnh vực đầu tiên");
    text_line(im, "field",
              importing_fit(im, 0, "lĩnh vực (TENLINHVUC)",
                            record->field_count > 0 ? record->fields[0] : "", 2, 200, "Chưa rõ"));
    importing_look(im, 0, "bản ghi không nêu số quyết định công bố");
    text_line(im, "decision", "Chưa rõ");
    laws(im);
    importing_look(im, 0, "bản ghi không nêu ngày hiệu lực, đã lấy ngày tạo tệp này");
    buf_adds(im->out, "effective: {from: ");
    buf_add_day(im->out, today);
    buf_adds(im->out, "}\n");
    importing_look(im, 0, "bản ghi không nêu mức độ: full (toàn trình), partial (một phần), info");
    buf_adds(im->out, "level: partial\n");
    authority(im);
    subjects(im);
    importing_look(im, 0, "người nộp có phải có mặt, có được uỷ quyền, có giải quyết ngay không");
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
        importing_look(im, 2, "không đọc được thời hạn của kênh này trong bản ghi");
    if (!sure || way->count != 1) {
        for (size_t i = 0; i < way->count; i++)
            importing_look(im, 2, "bản ghi viết: %s %s. %s", way->times[i].amount,
                           way->times[i].unit, way->times[i].text);
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
        importing_look(im, 2, "bản ghi không có cách thức thực hiện (CACHTHUCTHUCHIEN)");
        buf_adds(im->out, "  direct: {limit: none}\n");
    }
    im->out = out;
    if (same_day)
        importing_look(im, 0, "thời hạn trong ngày: sau giờ nào thì tính ngày làm việc tiếp theo");
    buf_addf(out, "clock: {starts: accept, due_time: end_of_day%s}\n",
             same_day ? ", cut_off: \"15:00\"" : "");
    buf_adds(out, "channels:\n");
    buf_add_slice(out, buf_slice(&text));
    buf_release(&text);
    importing_look(im, 0, "bưu chính công ích nhận hồ sơ và trả kết quả theo văn bản nào");
    buf_addf(out, "postal: {collect: %s, return: true, decision: Quyết định số 45/2016/QĐ-TTg}\n",
             im->record->channels[CHANNEL_POST].open ? "true" : "false");
    importing_look(im, 0, "số lần và thời gian bổ sung; bản ghi không nêu");
    buf_adds(out, "supplement:\n"
                  "  intake: {max: 1, closes_after: 30 calendar_days}\n"
                  "  appraisal: {max: 1, within: 3 working_days, then: restart, closes_after: 30 "
                  "calendar_days}\n"
                  "warn: [{at: 50%, to: assignee}, {at: due, to: leader}]\n\n");
}

/* ---- cases ---- */

/* Papers that stand under one heading only are everybody's: there is nothing to choose. */
static void cases(struct importing *im)
{
    const struct national_record *record = im->record;

    if (record->requirements[0] != '\0')
        importing_look(
            im, 0,
            "yêu cầu, điều kiện trong bản ghi (có thể thành câu hỏi sàng lọc, screening): %s",
            record->requirements);
    for (size_t i = 0; i < record->paper_count; i++) {
        const char *name = record->papers[i].case_name;

        if (name[0] == '\0' || importing_case(im, name) >= 0 || im->case_count == IMPORT_CASES)
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
    importing_look(
        im, 0, "các trường hợp lấy từ thành phần hồ sơ; thời hạn và khoản thu có thể khác nhau");
    buf_adds(im->out, "cases:\n");
    for (size_t i = 0; i < im->case_count; i++) {
        const char *name =
            importing_fit(im, 2, "tên trường hợp", im->case_names[i], 2, 500, "Trường hợp");

        buf_addf(im->out, "  - {id: %s, name: ", im->case_ids[i]);
        yaml_add_text(im->out, slice_str(name));
        buf_adds(im->out, "}\n");
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

    importing_look(im, 0,
                   "kết quả: có bản điện tử ký số không; không có thì electronic: false và bỏ "
                   "nút publish");
    buf_adds(im->out, "results:\n");
    if (record->result_count == 0) {
        importing_look(im, 2, "bản ghi không có kết quả (KETQUATHUCHIEN)");
        buf_adds(im->out, "  - {code: \"KQ.000.000001\", name: Chưa rõ, electronic: true}\n");
    }
    for (size_t i = 0; i < record->result_count; i++) {
        const char *name, *code;
        bool before = false;

        for (size_t k = 0; k < i && !before; k++)
            before = same_result(record, i, k);
        if (before && record->results[i].code[0] != '\0') {
            importing_look(im, 2, "bản ghi còn kết quả cùng mã: %s", record->results[i].name);
            continue;
        }
        code = importing_fit(im, 2, "mã kết quả (MAKETQUA)", record->results[i].code, 3, 40,
                             arena_printf(im->arena, "KQ.000.%06zu", i + 1));
        name = importing_fit(im, 2, "tên kết quả (TENKETQUA)", record->results[i].name, 2, 300,
                             "Chưa rõ");
        buf_adds(im->out, "  - {code: ");
        yaml_add_quoted(im->out, slice_str(code));
        buf_adds(im->out, ", name: ");
        yaml_add_text(im->out, slice_str(name));
        buf_adds(im->out, ", electronic: true}\n");
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
    import_fees(&im);
    importing_look(&im, 0, "tờ khai: thay bằng các mục của mẫu đơn trong thành phần hồ sơ");
    import_form(template, out);
    import_papers(&im);
    results(&im);
    importing_look(&im, 0,
                   "quy trình mẫu; thời hạn từng bước đã chia theo thời hạn chung. Quy trình dùng "
                   "chung trong plugins/workflows đủ dùng thì thay bằng: workflow: {use: ..., "
                   "version: ...}");
    for (size_t i = 0; i < record->step_count; i++)
        yaml_add_comment(
            out, 0, slice_str(arena_printf(arena, "Trình tự %zu: %s", i + 1, record->steps[i])));
    import_workflow(template, im.limits, out);
}
