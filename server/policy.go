package server

import (
	"slices"

	"gongzhi/procedure"
)

// Who says who may call a route at all.
type Who string

// The audiences of a route.
const (
	Public   Who = "public"    // nobody needs to be signed in
	SignedIn Who = "signed_in" // anybody with an account and at least one post in force
	InRole   Who = "in_role"   // a session whose active post has one of the policy's roles
)

// Object says what a handler must prove about the thing it is asked for, before it shows or changes it.
type Object string

// The object rules. A thing that fails Visible does not exist for the caller (404).
const (
	NoObject  Object = ""          // no object, or one that every official may see
	Visible   Object = "visible"   // within the scope of the session
	Own       Object = "own"       // belongs to the person: drafts, sessions, delegations, commands
	MayStart  Object = "may_start" // the active post is the procedure's initiator
	PerAction Object = "action"    // the table of actions below decides
	DemoOnly  Object = "demo_only" // exists in a demonstration only, otherwise 404

	Organises    Object = "organises"     // the case is visible, and the post organises its vote: organisers below
	Enters       Object = "enters"        // the same, or a post that witnesses the vote: enterers below
	PollPeople   Object = "poll_people"   // the case is visible, and the post organises, enters or audits: voters are persons
	PersonalCode Object = "personal_code" // the body holds the personal code of a voter
)

// Policy is the rule of one route.
type Policy struct {
	Who    Who
	Roles  []procedure.Role // of InRole
	Object Object
}

// declared tells whether the policy says anything. A route whose policy does not cannot be registered.
func (p Policy) declared() bool {
	switch p.Who {
	case Public, SignedIn:
		return len(p.Roles) == 0
	case InRole:
		return len(p.Roles) > 0
	}
	return false
}

// admits tells whether a session may call the route; who is nil without a session.
func (p Policy) admits(who *Principal) error {
	if p.Who == Public {
		return nil
	}
	if who == nil {
		return errSignedOut
	}
	if p.Who == InRole && !slices.Contains(p.Roles, who.Active.Role) {
		return procedure.Errorf(procedure.Forbidden, "auth.forbidden", "您当前的岗位「%s」无权使用此功能，请切换岗位或联系系统管理员。", who.Active.Role.Title())
	}
	return nil
}

// By says who may take an action.
type By string

// The rules of actions.
const (
	ByHolder    By = "holder"    // whoever holds the task, or acts for that person
	ByGiver     By = "giver"     // whoever answered the task last (撤回), or added the signer (减签)
	ByConcerned By = "concerned" // whoever sees the case, except the holder: nobody urges oneself
	ByInitiator By = "initiator" // the unit and post that filed the case
	ByRole      By = "role"      // a set of posts
	ByCommunity By = "community" // a community that has a task in the case
	ByViewer    By = "viewer"    // whoever sees the case
)

// ActionPolicy is the rule of one action.
type ActionPolicy struct {
	By    By
	Roles []procedure.Role // of ByRole, and in addition to the others
}

// actionPolicies says for every action who may take it. The state of the case or task may still refuse it.
var actionPolicies = map[procedure.Action]ActionPolicy{
	procedure.ActStart:        {By: ByInitiator},
	procedure.ActAnswer:       {By: ByHolder},
	procedure.ActTransfer:     {By: ByHolder, Roles: []procedure.Role{procedure.Operator}}, // an operator reassigns (改派)
	procedure.ActDelegate:     {By: ByHolder},
	procedure.ActAddBefore:    {By: ByHolder},
	procedure.ActAddAfter:     {By: ByHolder},
	procedure.ActRemoveSigner: {By: ByGiver},
	procedure.ActTakeBack:     {By: ByGiver},
	procedure.ActUrge:         {By: ByConcerned},
	procedure.ActRead:         {By: ByHolder},
	procedure.ActEscalate:     {By: ByRole, Roles: operators},
	procedure.ActExtend:       {By: ByRole, Roles: operators},
	procedure.ActSendBack:     {By: ByRole, Roles: operators},
	procedure.ActWithdraw:     {By: ByInitiator},
	procedure.ActTerminate:    {By: ByRole, Roles: operators},
	procedure.ActCopy:         {By: ByViewer},
	procedure.ActPause:        {By: ByRole, Roles: []procedure.Role{procedure.AdmissionOffice}},
	procedure.ActResume:       {By: ByRole, Roles: []procedure.Role{procedure.AdmissionOffice, procedure.Operator}}, // an outside body has answered
	procedure.ActSuspend:      {By: ByRole, Roles: operators},
	procedure.ActContinue:     {By: ByRole, Roles: operators},
	procedure.ActRepublish:    {By: ByRole, Roles: operators},
	procedure.ActComplain:     {By: ByCommunity, Roles: []procedure.Role{procedure.CommunityDirector}},
}

// operators set going again what stands still.
var operators = []procedure.Role{procedure.Operator}

// watchers read the list of what does not move (运行监控); operators act on it.
var watchers = []procedure.Role{procedure.Operator, procedure.Admin, procedure.Auditor, procedure.Supervision}

// confirmers may be the second person for a remedy that cannot be undone.
var confirmers = []procedure.Role{procedure.Operator, procedure.Supervision}

// districtRoles see the whole district of their unit; every other post sees the subtree of its own unit.
var districtRoles = []procedure.Role{procedure.Operator, procedure.Admin, procedure.Auditor, procedure.AdmissionOffice, procedure.Supervision}

// heads answer for the work of a unit and of those below it: the report on it is among their pages.
var heads = []procedure.Role{procedure.DepartmentHead, procedure.StreetOffice, procedure.GovernmentOffice, procedure.JointMeeting}

// organisers are the posts that organise a vote: those of the unit of its terms, and a street for the communities below it. Whoever
// holds an open task of the case organises as well.
var organisers = []procedure.Role{procedure.CommunityDirector, procedure.OwnersCommittee, procedure.StreetOffice}

// enterers may also enter what came in on paper or at the door: each sheet needs two people.
var enterers = append([]procedure.Role{procedure.PartySecretary, procedure.Witness}, organisers...)

// pollReaders may read who is on a roll and how they voted, without organising: who checks afterwards needs the persons.
var pollReaders = []procedure.Role{procedure.Auditor}
