package procedure

// The kinds of post that procedures and the policy table name. A post is a role held by a user in a unit for a term.
const (
	DepartmentClerk   Role = "department.clerk"   // 部门经办人
	DepartmentHead    Role = "department.head"    // 部门负责人
	AdmissionOffice   Role = "admission.office"   // 准入办
	AdmissionMember   Role = "admission.member"   // 联审成员
	JointMeeting      Role = "joint.meeting"      // 准入联席会议召集人
	Supervision       Role = "supervision"        // 督查
	GovernmentOffice  Role = "government.office"  // 区政府办
	StreetOffice      Role = "street.office"      // 街道社区办
	CommunityDirector Role = "community.director" // 社区主任（居委会）
	PartySecretary    Role = "party.secretary"    // 社区党组织书记
	OwnersCommittee   Role = "owners.committee"   // 业委会主任
	Witness           Role = "vote.witness"       // 居务监督委员会主任：监票
	Operator          Role = "operator"           // 运行监控
	Admin             Role = "admin"              // 系统管理
	Auditor           Role = "auditor"            // 审计
)

var roleTitles = map[Role]string{
	DepartmentClerk: "部门经办人", DepartmentHead: "部门负责人", AdmissionOffice: "准入办",
	AdmissionMember: "联审成员", JointMeeting: "准入联席会议召集人", Supervision: "督查",
	GovernmentOffice: "区政府办", StreetOffice: "街道社区办", CommunityDirector: "社区主任",
	PartySecretary: "社区党组织书记", OwnersCommittee: "业委会主任", Witness: "居务监督委员会主任",
	Operator: "运行监控", Admin: "系统管理", Auditor: "审计",
}

// Title is the role as a screen shows it.
func (r Role) Title() string {
	if t, ok := roleTitles[r]; ok {
		return t
	}
	return string(r)
}

// Roles lists every role there is.
func Roles() []Role {
	return []Role{DepartmentClerk, DepartmentHead, AdmissionOffice, AdmissionMember, JointMeeting, Supervision,
		GovernmentOffice, StreetOffice, CommunityDirector, PartySecretary, OwnersCommittee, Witness, Operator, Admin, Auditor}
}
