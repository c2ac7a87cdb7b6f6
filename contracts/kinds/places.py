"""Codes of equipment."""

from contracts.kinds.labelled import Labelled


class EquipmentKind(Labelled):
    """Seeds of the kinds of `equipment`."""

    PROJECTOR = "projector", "投影仪"
    SOUND = "sound", "音响"
    MICROPHONE = "microphone", "话筒"
    AUDIO_GUIDE = "audio-guide", "讲解器"
    SCREEN = "screen", "显示屏"
    COMPUTER = "computer", "电脑"
    PARTY_FLAG = "party-flag", "党旗与宣誓台"
    FURNITURE = "furniture", "桌椅"
    OTHER = "other", "其他"
