#include "dvc_test.h"
#include "papers/printed.h"

#define READS(text, ...)                                                                           \
    do {                                                                                           \
        static const char *const wanted_[] = {__VA_ARGS__};                                        \
        reads((text), wanted_, DVC_COUNT(wanted_));                                                \
    } while (0)

static const char *printed(struct arena *arena, const char *name, int *ret_pages)
{
    struct buf pdf = BUF_INIT(8u << 20);
    const char *text;

    print_job(sample(arena, name), &pdf);
    text = text_of(arena, &pdf);
    *ret_pages = pages_of(arena, &pdf);
    buf_release(&pdf);
    READS(text, "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
          "UỶ BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG");
    return text;
}

DVC_TEST(forms, receipt)
{
    struct arena *arena = arena_new();
    int pages;
    const char *text = printed(arena, "receipt", &pages);

    READS(text, "Mẫu số 01 (ban hành kèm theo Thông tư số 03/2025/TT-VPCP)",
          "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Hồng Bàng, ngày 22 tháng 11 năm 2026",
          "Số: H24.15.03-261122-0001/TNHS-1", "Bộ phận tiếp nhận và trả kết quả: Uỷ ban nhân dân",
          "Tiếp nhận hồ sơ của: Nguyễn Văn Minh",
          "Địa chỉ: 12 Lạch Tray, phường Hồng Bàng, thành phố Hải Phòng",
          "Số điện thoại: 0912345678", "Email: minh@example.vn", "Số định danh: 031085001234",
          "Chủ hồ sơ: Trần Thị Quỳnh Nguyệt", "Địa chỉ chủ hồ sơ: 7 Phố Huế",
          "Nội dung yêu cầu giải quyết: Cấp giấy xác nhận tình trạng hôn nhân",
          "Mã hồ sơ: H24.15.03-261122-0001", "Bản án hoặc quyết định ly hôn đã có hiệu lực",
          "Giấy tờ tuỳ thân 02", "Ảnh chân dung 01", "Lệ phí cấp giấy: 10.000 đồng (đã thu)",
          "Số lượng hồ sơ: 01 bộ", "theo quy định là: 03 ngày làm việc",
          "Thời gian nhận hồ sơ: 09 giờ 20 phút, ngày 22 tháng 11 năm 2026",
          "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 26 tháng 11 năm 2026",
          "Đăng ký nhận kết quả: Qua bưu chính công ích", "Mã tra cứu: 04512624",
          "https://dichvucong.haiphong.gov.vn", "Điện thoại liên hệ: 02253842123",
          "NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ", "(Ký và ghi rõ họ tên)", "Trần Thị Hoà");
    DVC_EQ_INT(pages, 1);
    arena_free(arena);
}

DVC_TEST(forms, supplement_request)
{
    struct arena *arena = arena_new();
    int pages;
    const char *text = printed(arena, "supplement_request", &pages);

    READS(text, "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "/HDHS-1", "Hồ sơ của: Đặng Hữu Phước",
          "Bản vẽ thiết kế xây dựng 02", "khoảng lùi so với chỉ giới đường đỏ.",
          "không đọc được số vào sổ.", "hoàn thiện: 30 ngày kể từ ngày nhận phiếu này",
          "Phạm Quốc Khánh", "0225388123", "NGƯỜI HƯỚNG DẪN");
    DVC_EQ_INT(pages, 1);
    arena_free(arena);
}

DVC_TEST(forms, refusal)
{
    struct arena *arena = arena_new();
    int pages;
    const char *text = printed(arena, "refusal", &pages);

    READS(text, "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ", "/TCHS-1", "Bùi Thị Ngọc Ánh",
          "Email: anh@example.vn", "không tiếp nhận, giải quyết hồ sơ này",
          "Lý do: Việc khai sinh của trẻ đã được Uỷ ban nhân dân xã Vĩnh Bảo đăng ký",
          "NGƯỜI TIẾP NHẬN HỒ SƠ");
    DVC_EQ_INT(pages, 1);
    arena_free(arena);
}

DVC_TEST(forms, apology)
{
    struct arena *arena = arena_new();
    int pages;
    const char *text = printed(arena, "apology", &pages);

    READS(text, "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT", "/XLHS-1",
          "Kính gửi: Đỗ Xuân Trường", "Ngày 22/11/2026", "mã hồ sơ: H24.15.03-261122-0004",
          "ngày 11/12/2026", "Sở Xây dựng thành phố Hải Phòng",
          "Lý do: Đơn vị được hỏi ý kiến về phòng cháy chưa trả lời.", "xin lỗi ông (bà)",
          "17 giờ 00 phút, ngày 18 tháng 12 năm 2026", "Nơi nhận:", "THỦ TRƯỞNG CƠ QUAN");
    DVC_EQ_INT(pages, 1);
    arena_free(arena);
}

DVC_TEST(forms, stop_notice)
{
    struct arena *arena = arena_new();
    int pages;
    const char *text = printed(arena, "stop_notice", &pages);

    READS(text, "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", "/DGQ-1", "Kính gửi: Vũ Thị Thuỷ Tiên",
          "dừng giải quyết hồ sơ nêu trên",
          "Lý do: Người nộp đề nghị dừng vì đã tìm thấy bản chính.", "02253842123");
    DVC_EQ_INT(pages, 1);
    arena_free(arena);
}

DVC_TEST(forms, control_slip)
{
    struct arena *arena = arena_new();
    int pages;
    const char *text = printed(arena, "control_slip", &pages);

    READS(text, "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", "Người nộp hồ sơ: Nguyễn Văn Minh",
          "chậm nhất: 17 giờ 00 phút, ngày 26 tháng 11 năm 2026", "03 ngày làm việc",
          "Bộ phận giao", "Bộ phận nhận", "Trần Thị Hoà", "Phạm Quốc Khánh", "trước hạn", "quá hạn",
          "Ký duyệt", "17:30 25/11/2026");
    DVC_EQ_INT(pages, 1);
    arena_free(arena);
}

DVC_TEST(forms, register_book)
{
    struct arena *arena = arena_new();
    int pages;
    const char *text = printed(arena, "register", &pages);

    READS(text, "SỔ THEO DÕI HỒ SƠ", "1 H24.15.03-261122-0001 Cấp giấy",
          "Hồ sơ tiếp nhận từ ngày 01/11/2026 đến ngày 30/11/2026", "Nguyễn Văn Minh", "0912345678",
          "09:20 22/11/2026", "17:00 26/11/2026", "10:00 26/11/2026", "15:00 27/11/2026",
          "Bưu chính", "Đã trả kết quả", "Tổng số: 1 hồ sơ.");
    DVC_EQ_INT(pages, 1);
    arena_free(arena);
}

DVC_TEST(forms, handover)
{
    struct arena *arena = arena_new();
    int pages;
    const char *text = printed(arena, "handover", &pages);

    READS(text, "BIÊN BẢN GIAO NHẬN KẾT QUẢ", "Số: H24.15.03/BBGN-12",
          "Bên giao: Uỷ ban nhân dân phường Hồng Bàng", "Bên nhận: Bưu cục Hồng Bàng",
          "1 bưu gửi, 2 bản chính, 1 bản sao", "H24.15.03-261122-0001-R H24.15.03-261122-0001 ",
          "Một phong bì đã niêm phong.", "Lê Văn Thư", "Hoàng Bưu Tá",
          "10 giờ 05 phút, ngày 25 tháng 11 năm 2026");
    DVC_EQ_INT(pages, 1);
    arena_free(arena);
}
