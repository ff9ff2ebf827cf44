"""The recommendation model: a pure function of a published edition, for anybody to make again."""
