#include "service/sheets.h"

struct dossier_paper sheets_read(struct fields *fields, const struct value *row, const char *at)
{
    bool told = !value_is_null(value_get(row, "originals")) ||
                !value_is_null(value_get(row, "certified"));
    struct dossier_paper paper = {.originals = -1, .certified = -1};

    paper.copies = (int)fields_int(fields, row, "copies", at, 0, SHEETS_MAX, told ? 0 : 1);
    if (told) {
        paper.originals = (int)fields_int(fields, row, "originals", at, 0, SHEETS_MAX, 0);
        paper.certified = (int)fields_int(fields, row, "certified", at, 0, SHEETS_MAX, 0);
    }
    return paper;
}

int sheets_total(const struct dossier_paper *paper)
{
    return paper->originals < 0 ? paper->copies
                                : paper->originals + paper->certified + paper->copies;
}
