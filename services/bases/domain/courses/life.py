"""The lives of a session and of a sign-up for it: which step leads where."""

from contracts.kinds.courses import SessionStatus, SignUpStatus
from services.bases.domain.courses.refusals import SessionOver, SignUpOver
from services.chassis.lifecycle import Lifecycle

ANNOUNCED, STANDING = {SessionStatus.ANNOUNCED}, {SignUpStatus.STANDING}

SESSION = Lifecycle("session", "场次", SessionStatus, SessionOver, fact="status")
ANNOUNCE = SESSION.begin("announce", "发布", SessionStatus.ANNOUNCED)
CHANGE = SESSION.step("change", "变更", ANNOUNCED, None)
TAKE = SESSION.step("take sign-ups", "接受报名", ANNOUNCED, None)
LET_GO = SESSION.step("let sign-ups go", "退出报名", ANNOUNCED, None)
NOTE = SESSION.step("note who came", "登记到场", ANNOUNCED, None)
HOLD = SESSION.step("hold", "登记为已举办", ANNOUNCED, SessionStatus.HELD)
CANCEL = SESSION.step("cancel", "取消", ANNOUNCED, SessionStatus.CANCELLED)

SIGN_UP = Lifecycle("sign-up", "报名", SignUpStatus, SignUpOver, fact="status")
ENTER = SIGN_UP.begin("sign up", "报名", SignUpStatus.STANDING)
RESIZE = SIGN_UP.step("change", "变更人数", STANDING, None)
ATTEND = SIGN_UP.step("attend", "登记到场", STANDING, None)
WITHDRAW = SIGN_UP.step("withdraw", "退出", STANDING, SignUpStatus.WITHDRAWN)
