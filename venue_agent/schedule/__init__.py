"""The daily round without anybody: a systemd timer or a Windows task, written, shown, installed and taken away."""
