"""The questionnaire of one unit as an Excel file. Only ``writing`` loads the library that writes one."""
