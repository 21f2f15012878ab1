/* flowwords.h - a workflow in Vietnamese words that a clerk reads: conditions, limits, who. */
#ifndef DVC_CORE_FLOWWORDS_H
#define DVC_CORE_FLOWWORDS_H

#include "core/flowgraph.h"

/* "“Số tầng” từ 7 trở lên": fields, papers, cases and steps by their names. What it cannot name
 * stands as it was written. */
void flow_condition_vi(struct buf *buf, const struct procedure *procedure,
                       const struct expr *condition);
/* "8 giờ làm việc", or by channel where they differ: "trực tuyến, bưu chính: 8 giờ làm việc". Only
 * of channels that are open; nothing where there is no limit. */
void flow_limit_vi(struct buf *buf, const struct procedure *procedure, const struct limit *limits);
/* "công chức thụ lý", with another agency named as such; "chờ người nộp hồ sơ"; of an end nothing.
 */
void flow_who_vi(struct buf *buf, const struct flow_node *node);
/* The action's name, or what happens when it has none: "bưu chính báo đã phát". */
const char *flow_action_vi(const struct flow_edge *edge);

#endif
