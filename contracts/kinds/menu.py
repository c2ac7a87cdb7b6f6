"""Codes of the activity menu (活动菜单)."""

from contracts.kinds.labelled import Labelled


class MenuItemKind(Labelled):
    """Seeds of the kinds of `menu-item`: what an organisation can do at a base."""

    TOUR = "tour", "参观学习"
    GUIDED_TOUR = "guided-tour", "讲解参观"
    OATH_RENEWAL = "oath-renewal", "重温入党誓词"
    ADMISSION_OATH = "admission-oath", "入党宣誓"
    POLITICAL_BIRTHDAY = "political-birthday", "政治生日"
    PARTY_LECTURE = "party-lecture", "党课"
    TALK = "talk", "讲习"
    TRAINING = "training", "党务培训"
    FILM = "film", "观影"
    DISCUSSION = "discussion", "座谈交流"
    QUIZ = "quiz", "党史竞赛"
    THEME_DAY = "theme-day", "主题党日"
    READING = "reading", "读书分享"
    WELFARE = "welfare", "公益活动"
    CARE = "care", "关爱服务"
    HAND_IN_HAND = "hand-in-hand", "结对帮扶"
    ARTS = "arts", "音乐文艺"
    OTHER = "other", "其他活动"


MENU_TRAITS: dict[MenuItemKind, dict[str, bool]] = {
    MenuItemKind.GUIDED_TOUR: {"guided": True},
    MenuItemKind.OATH_RENEWAL: {"ceremony": True},
    MenuItemKind.ADMISSION_OATH: {"ceremony": True},
    MenuItemKind.POLITICAL_BIRTHDAY: {"ceremony": True},
    MenuItemKind.PARTY_LECTURE: {"training": True},
    MenuItemKind.TALK: {"training": True},
    MenuItemKind.TRAINING: {"training": True},
    MenuItemKind.FILM: {"film": True},
}
"""`film`: a visit that takes it is a film showing (观影场次); `training`: its people are trained
(培训人次); `guided`: a guide goes along; `ceremony`: done before the flag."""
