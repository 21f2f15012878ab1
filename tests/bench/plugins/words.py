"""Words that made-up procedures are put together from: names of fields of administration, of papers, of
questions on a form. Nothing here is a real procedure."""

FIELDS = (
    "Hộ tịch", "Chứng thực", "Xây dựng", "Đất đai", "Môi trường", "Giáo dục", "Y tế", "Lao động",
    "Đường bộ", "Thủy sản", "Lâm nghiệp", "Trồng trọt", "Thú y", "Công chứng", "Luật sư", "Báo chí",
    "Du lịch", "Thể dục thể thao", "Di sản văn hóa", "An toàn thực phẩm", "Điện lực", "Hóa chất",
    "Viễn thông", "Bưu chính", "Người có công", "Bảo trợ xã hội", "Tín ngưỡng, tôn giáo",
    "Hoạt động xây dựng", "Nhà ở", "Quy hoạch", "Tài nguyên nước", "Khoáng sản", "Đầu tư",
    "Hợp tác xã", "Doanh nghiệp", "Lưu thông hàng hóa", "Khám bệnh, chữa bệnh", "Dược phẩm")

DEEDS = ("Cấp", "Cấp lại", "Gia hạn", "Điều chỉnh", "Xác nhận", "Công nhận", "Đăng ký", "Thẩm định",
         "Phê duyệt", "Chấp thuận", "Cấp đổi", "Sửa đổi, bổ sung")

THINGS = (
    "giấy phép hoạt động", "giấy chứng nhận đủ điều kiện", "chứng chỉ hành nghề", "giấy xác nhận",
    "phương án bảo vệ", "kế hoạch sử dụng", "hồ sơ thiết kế", "quyết định cho phép", "trích lục",
    "văn bản chấp thuận", "giấy đăng ký", "phương án khai thác", "báo cáo đánh giá", "thẻ hành nghề")

OF_WHOM = (
    "cơ sở kinh doanh", "hộ gia đình", "tổ chức xã hội", "cơ sở giáo dục", "cơ sở khám bệnh",
    "cửa hàng bán lẻ", "trại chăn nuôi", "tàu cá", "phương tiện thủy nội địa", "công trình phụ trợ",
    "khu đất nông nghiệp", "giếng khoan", "bến bãi", "điểm du lịch", "cơ sở lưu trú", "lễ hội",
    "quảng cáo ngoài trời", "trạm phát sóng", "kho hóa chất", "vùng trồng", "nhà thuốc",
    "câu lạc bộ thể thao", "nhóm trẻ độc lập", "hợp tác xã", "trung tâm ngoại ngữ")

WHERE = ("cấp xã", "cấp thành phố", "trên đường thủy", "ở khu dân cư", "ngoài khu công nghiệp",
         "trong khu công nghiệp", "ven biển", "trên đảo", "theo yêu cầu riêng", "lần đầu")

LAWS = (
    "Luật Đất đai số 31/2024/QH15", "Luật Xây dựng số 50/2014/QH13", "Luật Thú y số 79/2015/QH13",
    "Luật Trồng trọt số 31/2018/QH14", "Luật Du lịch số 09/2017/QH14", "Luật Hộ tịch số 60/2014/QH13",
    "Luật Bảo vệ môi trường số 72/2020/QH14", "Luật Thủy sản số 18/2017/QH14",
    "Nghị định số 118/2025/NĐ-CP", "Nghị định số 61/2018/NĐ-CP", "Nghị định số 42/2022/NĐ-CP")

# (id, label, what stands behind the type)
TEXTS = (
    ("owner_name", "Tên chủ cơ sở", "max_length: 200, fill: applicant.name"),
    ("address", "Địa chỉ: số nhà, đường, thôn", "max_length: 300, fill: applicant.address.line"),
    ("licence_number", "Số giấy phép đã cấp", "max_length: 60"),
    ("licence_place", "Cơ quan đã cấp giấy phép", "max_length: 200"),
    ("manager_name", "Người quản lý: họ, chữ đệm, tên", "max_length: 100"),
    ("manager_degree", "Trình độ chuyên môn của người quản lý", "max_length: 120"),
    ("site_name", "Tên gọi của địa điểm", "max_length: 200"),
    ("plot", "Thửa đất số, tờ bản đồ số", "max_length: 80"),
    ("borders", "Vị trí tiếp giáp: đông, tây, nam, bắc", "max_length: 300"),
    ("equipment", "Trang thiết bị chính, số hiệu", "max_length: 300"),
    ("supplier", "Nơi cung cấp nguyên liệu", "max_length: 200"),
    ("former_name", "Tên đã dùng trước đây", "max_length: 100"),
    ("ethnicity", "Dân tộc", "max_length: 50"),
    ("nationality", "Quốc tịch", "max_length: 60"),
    ("occupation", "Nghề nghiệp, nơi làm việc", "max_length: 200"),
    ("plate", "Biển số đăng ký", "max_length: 20, pattern: \"[0-9]{2}[A-Z]{1,2}-[0-9]{4,6}\""),
    ("batch", "Số lô hàng", "max_length: 20, pattern: \"[A-Z0-9-]{4,20}\""))

LONG_TEXTS = (
    ("reason", "Lý do đề nghị", "max_length: 1000"),
    ("scope", "Phạm vi, nội dung hoạt động đề nghị", "max_length: 2000"),
    ("process", "Quy trình vận hành tóm tắt", "max_length: 3000"),
    ("safety", "Biện pháp bảo đảm an toàn, phòng cháy, chữa cháy", "max_length: 2000"),
    ("waste", "Biện pháp thu gom, xử lý chất thải", "max_length: 2000"))

NUMBERS = (
    ("area", "Diện tích (m²)", "number", 1, 100000), ("capacity", "Công suất một ngày đêm", "number", 0, 50000),
    ("depth", "Độ sâu (m)", "number", 0, 500), ("height", "Chiều cao (m)", "number", 0, 300),
    ("tonnage", "Trọng tải (tấn)", "number", 0, 20000), ("workers", "Số lao động", "integer", 0, 10000),
    ("rooms", "Số phòng", "integer", 1, 2000), ("floors", "Số tầng", "integer", 1, 60),
    ("vehicles", "Số phương tiện", "integer", 0, 500), ("children", "Số trẻ nhận nuôi, dạy", "integer", 0, 500),
    ("months", "Thời gian đề nghị (tháng)", "integer", 1, 240), ("animals", "Số vật nuôi", "integer", 0, 100000))

DATES = (("start_on", "Ngày dự kiến bắt đầu", ""), ("issued_on", "Ngày cấp giấy phép cũ", ", not_future: true"),
         ("born_on", "Ngày, tháng, năm sinh", ", not_future: true, min_date: 1900-01-01"),
         ("expires_on", "Ngày hết hạn của giấy phép cũ", ", min_date: 2000-01-01"),
         ("contract_on", "Ngày ký hợp đồng thuê địa điểm", ", not_future: true"))

OTHERS = (
    ("id_number", "Số định danh cá nhân của người đứng đơn", "citizen_id", ", fill: applicant.id_number"),
    ("manager_id", "Số định danh cá nhân của người quản lý", "citizen_id", ""),
    ("phone", "Số điện thoại liên hệ", "phone", ", fill: applicant.phone"),
    ("email", "Thư điện tử liên hệ", "email", ", fill: applicant.email"),
    ("tax_code", "Mã số thuế", "tax_code", ""),
    ("site_commune", "Địa điểm: xã, phường, đặc khu", "commune", ""),
    ("former_commune", "Nơi hoạt động trước: xã, phường, đặc khu", "commune", ""),
    ("investment", "Vốn đầu tư (đồng)", "money", ""), ("rent", "Tiền thuê một tháng (đồng)", "money", ""))

FLAGS = (
    ("foreign_part", "Có yếu tố nước ngoài"), ("rented", "Địa điểm là thuê, mượn"),
    ("has_branch", "Có cơ sở phụ thuộc"), ("near_river", "Nằm trong hành lang bảo vệ nguồn nước"),
    ("first_time", "Đề nghị lần đầu"), ("changed_owner", "Có thay đổi chủ cơ sở"),
    ("has_storage", "Có kho chứa riêng"), ("at_night", "Có hoạt động ban đêm"))

CHOICES = (
    ("kind_of_site", "Loại địa điểm", (("own", "Sở hữu"), ("rent", "Thuê"), ("lent", "Mượn"))),
    ("form_of_work", "Hình thức hoạt động", (("whole", "Thường xuyên"), ("season", "Theo mùa vụ"),
                                              ("once", "Một lần"), ("other", "Khác"))),
    ("grade", "Hạng đề nghị", (("one", "Hạng I"), ("two", "Hạng II"), ("three", "Hạng III"))),
    ("owner_kind", "Loại hình chủ cơ sở", (("person", "Cá nhân"), ("household", "Hộ kinh doanh"),
                                            ("company", "Doanh nghiệp"), ("union", "Hợp tác xã"))))

PAPERS = (
    ("application", "Đơn đề nghị theo mẫu ban hành kèm theo nghị định"),
    ("plan", "Bản vẽ tổng mặt bằng, sơ đồ vị trí của địa điểm"),
    ("land_right", "Giấy tờ chứng minh quyền sử dụng đất hoặc hợp đồng thuê địa điểm"),
    ("degree", "Văn bằng, chứng chỉ chuyên môn của người quản lý"),
    ("identity", "Giấy tờ tuỳ thân (xuất trình khi không tra cứu được trong cơ sở dữ liệu dân cư)"),
    ("health", "Giấy khám sức khoẻ của người trực tiếp làm việc"),
    ("fire", "Biên bản kiểm tra về phòng cháy và chữa cháy"),
    ("environment", "Giấy phép môi trường hoặc đăng ký môi trường"),
    ("old_licence", "Bản chính giấy phép đã cấp (trường hợp cấp lại, gia hạn)"),
    ("charter", "Điều lệ, quy chế tổ chức và hoạt động"),
    ("staff_list", "Danh sách nhân sự kèm bản sao hợp đồng lao động"),
    ("equipment_list", "Bản kê trang thiết bị, dụng cụ"),
    ("report", "Báo cáo kết quả hoạt động của kỳ trước"),
    ("test_result", "Phiếu kết quả thử nghiệm còn hiệu lực"),
    ("mandate", "Giấy uỷ quyền (khi nộp thay)"), ("photo", "Ảnh chụp hiện trạng địa điểm"),
    ("consent", "Văn bản đồng ý của các hộ liền kề"), ("insurance", "Giấy chứng nhận bảo hiểm"))

CASES = (("first", "Cấp lần đầu"), ("again", "Cấp lại do mất, hỏng"), ("change", "Thay đổi nội dung"),
         ("extend", "Gia hạn"), ("merge", "Sáp nhập, chia tách"))

# functions that config/agencies gives to agencies, and how they are called
EXPERTS = (("police_fire", "phòng cháy, chữa cháy"), ("environment", "môi trường"), ("finance", "tài chính"),
           ("construction", "xây dựng"), ("trade", "công thương"), ("home_affairs", "nội vụ"),
           ("culture", "văn hóa"), ("justice", "tư pháp"))
