export default {
  kind: 'Đối tượng', kind_citizen: 'Công dân', kind_business: 'Doanh nghiệp', kind_state_agency: 'Cơ quan nhà nước', kind_organisation: 'Tổ chức khác',
  name: 'Họ, chữ đệm, tên (hoặc tên tổ chức)', id_number: 'Số định danh cá nhân (hoặc mã số thuế)', id_hint: 'Công dân: 12 chữ số trên thẻ căn cước. Doanh nghiệp: mã số thuế.',
  not_for: 'Thủ tục này không dành cho đối tượng đó. Hãy ghi chủ hồ sơ riêng.',
  person_name: 'Họ, chữ đệm, tên', person_id: 'Số định danh cá nhân', person_id_hint: '12 chữ số trên thẻ căn cước.',
  phone: 'Số điện thoại', email: 'Thư điện tử', address: 'Địa chỉ', waiver: 'Đối tượng được miễn, giảm phí, lệ phí', waiver_hint: 'Nếu có, giấy tờ chứng minh sẽ được kiểm tra.',
  waiver_none: 'Không thuộc đối tượng nào', waiver_poor: 'Hộ nghèo', waiver_merit: 'Người có công với cách mạng', waiver_disabled: 'Người khuyết tật',
  applicant: 'Người nộp hồ sơ', owner: 'Chủ hồ sơ', same: 'Chủ hồ sơ cũng là người nộp hồ sơ', behalf: 'Người nộp làm thay chủ hồ sơ với tư cách', behalf_parent: 'Cha, mẹ, người giám hộ', behalf_authorised: 'Người được uỷ quyền',
};
