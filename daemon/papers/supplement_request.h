/* supplement_request.h - Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ: A5. */
#ifndef DVC_PAPERS_SUPPLEMENT_REQUEST_H
#define DVC_PAPERS_SUPPLEMENT_REQUEST_H

#include "papers/paper.h"

struct supplement_request {
    struct paper_head head;
    struct paper_dossier dossier;
    struct paper_items items; /* asked for */
    const char *reason;
    const char *within; /* "30 ngày"; NULL: no time is set */
    const char *officer, *phone;
};

int supplement_request_print(const struct supplement_request *request,
                             struct buf *out) DVC_MUSTCHECK;

#endif
