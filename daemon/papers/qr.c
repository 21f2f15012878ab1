#include "papers/qr.h"

#include <qrencode.h>

#define QUIET 4 /* modules around it that stay white (ISO/IEC 18004) */

bool qr_draw(struct sheet *sheet, double x, double y, double size, const char *text)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    double module;

    if (code == NULL)
        return false;
    module = size / (code->width + 2 * QUIET);
    sheet_modules(sheet, x + QUIET * module, y + QUIET * module, module * code->width, code->data,
                  code->width);
    QRcode_free(code);
    return true;
}
