/* notice.h - the notices that a plugin may send by `{notify: ..., text: ...}`. */
#ifndef DVC_CORE_NOTICE_H
#define DVC_CORE_NOTICE_H

/* The ids one after the other, NULL after the last. Each has a text in service/notice_text.h; the
 * first is the general one, "there is news of the dossier". */
const char *notice_word(int index);

#endif
