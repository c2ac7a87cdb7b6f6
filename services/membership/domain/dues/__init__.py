"""The rules of dues (党费). Pure: no clock, no database, no broker.

Money is whole 分, a month is its first day. Somebody's income is an argument of `monthly_due` and
of nothing else: it is kept nowhere, only the resulting due and the code of its bracket are.
"""
