"""What a teacher sets up for a course: which class of the SIS it is, who is who in it, which category is which.

In: what the SIS tells of its classes, and a teacher's decisions. Out: SisSection, SisMatch, SisCategoryLink and the
caches of what was read (SisPeriod, SisCategory, SisStudent), of which this room is the only writer; each decision is
written down as SisAct.
Read: sections (link, unlink, who may) · candidates (classes to choose from) · reading (what the SIS has, whole or
nothing) · matches, students (who is who) · terms, categories (associated for which term) · acting.
Students and terms are matched and associated for one section; a course may have two.
"""
