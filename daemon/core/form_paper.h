/* form_paper.h - checks the papers handed in against the composition of the dossier (thành phần hồ
 * sơ) of a procedure and its case. */
#ifndef DVC_CORE_FORM_PAPER_H
#define DVC_CORE_FORM_PAPER_H

#include "core/form.h"

struct form_paper {
    struct slice paper; /* id in the procedure, as the request gave it */
    bool file;          /* an upload was found for it */
    const char *format; /* of the file, by its content: "pdf", "jpg"; NULL: unknown, not checked */
    int64_t size;       /* bytes of the file */
    int copies;         /* handed in on paper */
};

/* Whether the applicant owes this paper: it belongs to the case, and it is required, or the
 * condition for it holds. */
bool form_paper_asked(const struct paper *paper, const char *case_id, expr_lookup_fn lookup,
                      void *ctx);
/* "application/pdf" as a procedure's word for it (format.h); NULL: none of them. */
const char *form_paper_format(struct slice media_type);
/* The faults of what is given, whatever else may be owed: what comes in later, piece by piece. */
void form_papers_given(struct arena *arena, const struct procedure *procedure, const char *case_id,
                       const struct form_paper *given, size_t count, struct form_faults *faults);
/* Every fault at once, pointers below /documents: unknown, of another case, twice, wrong format,
 * too large, and what is owed but was handed in neither as a file nor on paper. `lookup` answers
 * all paths of conditions, form.* included. */
void form_papers_check(struct arena *arena, const struct procedure *procedure, const char *case_id,
                       const struct form_paper *given, size_t count, expr_lookup_fn lookup,
                       void *ctx, struct form_faults *faults);

#endif
