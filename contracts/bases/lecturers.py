"""Facts about lecturers, their assignments and duties (讲师与讲解员)."""
