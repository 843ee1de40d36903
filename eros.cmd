@echo off
rem The front door on Windows: the same command, in the Windows Subsystem for Linux.
where wsl >nul 2>nul || (echo eros: needs the Windows Subsystem for Linux: wsl --install -d Debian 1>&2 & exit /b 1)
pushd "%~dp0"
wsl ./eros %*
set code=%errorlevel%
popd
exit /b %code%
