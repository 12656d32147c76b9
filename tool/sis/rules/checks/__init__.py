"""What is looked at before sending, one file for each thing; each takes the facts of an item and gives its findings.

Read: saying (how a finding is written) · connection · section · item · title · points · category · due · students.
"""
