"""Codes of what is held for visitors at a base."""

from contracts.kinds.labelled import Labelled


class OccasionSort(Labelled):
    """Fixed: each has its own event, family of kinds, list and figures."""

    FILM = "film", "观影"
    TRAINING = "training", "培训"
    TOUR = "tour", "巡回观摩"


class FilmKind(Labelled):
    """Seeds of the kinds of `film`: what films are about. A district adds its titles below them."""

    PARTY_HISTORY = "party-history", "党史题材影片"
    REVOLUTION = "revolution", "革命历史影片"
    ROLE_MODEL = "role-model", "先进典型影片"
    ACHIEVEMENT = "achievement", "建设成就影片"
    WARNING = "warning", "警示教育影片"
    OTHER = "other", "其他党性教育影片"


class BaseTrainingKind(Labelled):
    """Seeds of the kinds of `training`; the first three are also kinds of menu items."""

    TRAINING = "training", "党务工作培训"
    PARTY_LECTURE = "party-lecture", "党课"
    TALK = "talk", "讲习"
    MEMBERS = "members", "党员教育培训"
    ACTIVISTS = "activists", "入党积极分子培训"
    VOLUNTEERS = "volunteers", "志愿者培训"
    OTHER = "other", "其他培训"


class TourKind(Labelled):
    """Seeds of the kinds of `tour`."""

    WORK = "work", "党建工作巡回观摩"
    BASES = "bases", "基地建设巡回观摩"
    BRANCHES = "branches", "支部建设巡回观摩"
    OTHER = "other", "其他巡回观摩"
